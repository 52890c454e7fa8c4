/** Where an arrow key leads among `count` entries from the one at `at`; null for other keys, and past an end. */
export function nextEntry(key: string, at: number, count: number): number | null {
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: count - 1 }[key];
  return to === undefined || to < 0 || to >= count || to === at ? null : to;
}
