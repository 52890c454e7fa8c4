/** `[start, end)` of a text is an identifier of this kind. */
export type IdentifierSpan = { start: number; end: number; kind: string };

/**
 * What stands before a name without being a part of it although it ends in a letter or a digit: escapes of JSON and of
 * addresses, and colours of terminals. Logs inside JSON are full of them (`\n10.0.0.7`).
 */
const ESCAPE = String.raw`(?:\\u001[bB]|\x1b)\[[0-9;]{0,16}m|\\u[0-9a-fA-F]{4}|\\[nrtbf"/\\]|%[0-9A-Fa-f]{2}`;

/**
 * Runs of the given characters, with escapes taken out from between them. Linear: an escape and a run never begin alike.
 */
export function* scanRuns(text: string, characters: string): Generator<{ text: string; start: number }> {
  for (const match of text.matchAll(new RegExp(`${ESCAPE}|(${characters}+)`, 'g'))) {
    const run = match[1];
    if (run !== undefined) yield { text: run, start: match.index };
  }
}
