/** To the page itself, so that the next Tab does not start at the top. */
export function focusPage(): void {
  document.getElementById('page')?.focus({ preventScroll: true });
}
