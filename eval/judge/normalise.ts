/**
 * A text as patterns see it: one spelling of quotes, dashes and spaces, no markdown emphasis or code marks, no references
 * to tool results, lower case. Underscores stay, since they are part of names.
 */
export function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\[tool:\s*[^\]\s]+\s*\]/g, ' ')
    .replace(/[‘’ʼ]/g, "'")
    .replace(/[“”„]/g, '"')
    .replace(/[‐‑‒–—]/g, '-')
    .replace(/[*`]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}
