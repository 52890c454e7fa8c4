import { SEARCH_WORDS_MAX } from './tunables.ts';

/** What a person's search means: nothing asked, one session by its id, or a text query. */
export type Search =
  | { kind: 'all' }
  | { kind: 'none' }
  | { kind: 'id'; id: string }
  | { kind: 'text'; tsquery: string };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Everything in ASCII that is neither letter nor digit separates words, as in the generated `search` column. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters separate words as well
const SEPARATORS = /[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/;

/**
 * Turns anything a person types into a query for `to_tsquery('simple', …)`: every word must occur, each as the
 * beginning of a word. No operator of the query language survives, so no input is a syntax error. Text that holds no
 * word (only punctuation) finds nothing.
 */
export function parseSearch(text: string | undefined): Search {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return { kind: 'all' };
  if (UUID.test(trimmed)) return { kind: 'id', id: trimmed.toLowerCase() };
  const words = trimmed.toWellFormed().split(SEPARATORS).filter(Boolean);
  const unique = [...new Set(words.map((word) => word.toLowerCase()))].slice(0, SEARCH_WORDS_MAX);
  if (unique.length === 0) return { kind: 'none' };
  return { kind: 'text', tsquery: unique.map((word) => `'${word}':*`).join(' & ') };
}
