/** The last lines of a text that is still growing; the end of its last line is not counted as an empty one. */
export function lastLines(text: string, count: number): string {
  const end = text.endsWith('\n') ? text.length - 1 : text.length;
  let start = end;
  for (let line = 0; line < count && start > 0; line += 1) start = text.lastIndexOf('\n', start - 1);
  return text.slice(start < 0 ? 0 : start === 0 ? 0 : start + 1, end);
}

export const countLines = (text: string): number =>
  text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
