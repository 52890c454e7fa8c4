/** How many characters of a placeholder tell one value from another: 8 of 32 letters are 40 bits. */
export const PLACEHOLDER_CODE_CHARS = 8;

/** No letters that look like digits; lower case, so that the code is told from the kind. */
export const PLACEHOLDER_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** What stands in a text for a name that the model must not see: `[IP_7k2m9q4x]`. */
const PLACEHOLDER = /\[[A-Z][A-Z0-9_]{0,62}_[0-9a-hjkmnp-tv-z]{8}\]/g;

/** A piece of a text: plain, or a placeholder with what it stands for. */
export type RevealedPart = { text: string; placeholder: string | null };

/**
 * Cuts a text at the placeholders that `nameOf` knows. What only looks like one (anybody can write that) stays plain text.
 * Joined, the parts' texts are the text as people read it.
 */
export function revealParts(
  text: string,
  nameOf: (placeholder: string) => string | undefined,
): RevealedPart[] {
  const parts: RevealedPart[] = [];
  let position = 0;
  for (const { 0: placeholder, index } of text.matchAll(PLACEHOLDER)) {
    const value = nameOf(placeholder);
    if (value === undefined) continue;
    if (index > position) parts.push({ text: text.slice(position, index), placeholder: null });
    parts.push({ text: value, placeholder });
    position = index + placeholder.length;
  }
  if (position < text.length) parts.push({ text: text.slice(position), placeholder: null });
  return parts;
}

/** The text as people read it. */
export const revealText = (text: string, nameOf: (placeholder: string) => string | undefined): string =>
  text.replace(PLACEHOLDER, (placeholder) => nameOf(placeholder) ?? placeholder);

/** Everything in a text that has the form of a placeholder. */
export const listPlaceholders = (text: string): string[] =>
  [...text.matchAll(PLACEHOLDER)].map(([placeholder]) => placeholder);

/** A JSON value with every string in it, keys too, put through `change`. */
export function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [change(key), mapStrings(item, change)]),
  );
}
