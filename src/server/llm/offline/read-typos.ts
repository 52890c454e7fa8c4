import { distance } from 'fastest-levenshtein';

/** Shorter words are too close to each other to tell a slip from another word. */
const MIN_LETTERS = 5;
/** From this length on, two slips are still one word. */
const LONG_WORD_LETTERS = 8;

/**
 * Words of a question that are probably slips, with the known word that was meant. Only plain words: a name with a digit or a
 * dash means exactly what it says. A word that a known one begins with, or the other way round, is none.
 */
export function findTypos(words: readonly string[], known: string): Map<string, string> {
  const vocabulary = [...new Set(known.toLowerCase().match(/\p{L}+/gu) ?? [])];
  const typos = new Map<string, string>();
  for (const word of words) {
    if (!/^\p{L}+$/u.test(word) || word.length < MIN_LETTERS) continue;
    if (vocabulary.some((other) => other.startsWith(word) || (other.length > 2 && word.startsWith(other))))
      continue;
    const meant = vocabulary.find((other) => isSlipOf(word, other));
    if (meant !== undefined) typos.set(word, meant);
  }
  return typos;
}

/** One letter too many, missing or wrong, or two neighbours swapped; never the first letter. */
function isSlipOf(word: string, meant: string): boolean {
  if (meant.length < MIN_LETTERS - 1 || word[0] !== meant[0]) return false;
  const apart = distance(word, meant);
  return apart <= 1 || isSwapped(word, meant) || (apart === 2 && word.length >= LONG_WORD_LETTERS);
}

function isSwapped(word: string, meant: string): boolean {
  if (word.length !== meant.length) return false;
  const at = [...word].findIndex((letter, index) => letter !== meant[index]);
  return (
    word[at] === meant[at + 1] && word[at + 1] === meant[at] && word.slice(at + 2) === meant.slice(at + 2)
  );
}
