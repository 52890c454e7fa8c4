/** The lines of a text that contain `query`, ignoring case, and how many lines there are. */
export function countLines(text: string, query: string): { matching: string[]; total: number } {
  const needle = query.trim().toLowerCase();
  if (!needle) return { matching: [], total: 0 };
  const lines = text.split('\n');
  return { matching: lines.filter((line) => line.toLowerCase().includes(needle)), total: lines.length };
}
