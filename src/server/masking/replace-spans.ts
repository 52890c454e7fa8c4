/** `[start, end)` of a text becomes `text`. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies replacements in ascending order; one that overlaps an earlier one is dropped. */
export function replaceSpans(text: string, replacements: readonly Replacement[]): string {
  if (replacements.length === 0) return text;
  const parts: string[] = [];
  let position = 0;
  for (const replacement of [...replacements].sort((a, b) => a.start - b.start)) {
    if (replacement.start < position) continue;
    parts.push(text.slice(position, replacement.start), replacement.text);
    position = replacement.end;
  }
  parts.push(text.slice(position));
  return parts.join('');
}
