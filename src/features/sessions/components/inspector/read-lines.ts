/** The lines of a text that contain `query`, ignoring case, and how many lines there are. */
export function countLines(text: string, query: string): { matching: string[]; total: number } {
  const needle = query.trim().toLowerCase();
  if (!needle) return { matching: [], total: 0 };
  const lines = text.split('\n');
  return { matching: lines.filter((line) => line.toLowerCase().includes(needle)), total: lines.length };
}

const TABLE_SCAN_CHARS = 2_000;

/** Whether a text is laid out in columns by spaces, as `kubectl get` prints: wrapped lines would make it unreadable. */
export const isTable = (text: string): boolean =>
  text
    .slice(0, TABLE_SCAN_CHARS)
    .split('\n')
    .filter((line) => /\S {2,}\S+ {2,}\S/.test(line)).length >= 2;
