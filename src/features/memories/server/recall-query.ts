import { MIN_SHARED_WORDS } from './tunables.ts';

/** Everything in ASCII that is neither letter nor digit separates words, as in the generated `search` column. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters separate words as well
const SEPARATORS = /[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/;
const CAMEL = /([a-z0-9])([A-Z])/g;

const COMMON = new Set(
  'the and for from with that this was were are has have had not but its into out than then when what which who will would can could should been being after before because does did one two all any only over under more most very about there their they them your you our alert alerts firing critical warning info kubernetes default none true false null'.split(
    ' ',
  ),
);

/** Letters and digits mixed, as in the generated part of a pod's name, or digits alone: they name one thing that is gone. */
const isGenerated = (word: string): boolean =>
  /^\d+$/.test(word) ||
  (/\d/.test(word) && /[a-z]/.test(word) && word.length >= 5 && !/^[a-z]+\d{1,2}$/.test(word));

/** The words of a text that say what it is about, lower-case, each once. Names in CamelCase count whole and in parts. */
export function significantWords(text: string): string[] {
  const parts = `${text} ${text.replace(CAMEL, '$1 $2')}`.toWellFormed().split(SEPARATORS);
  const words = parts
    .map((word) => word.toLowerCase())
    .filter((word) => word.length >= 3 && !COMMON.has(word) && !isGenerated(word));
  return [...new Set(words)];
}

/** For `to_tsquery('simple', …)`: any of the words. Null when there is none. */
export const anyOf = (words: readonly string[]): string | null =>
  words.length === 0 ? null : words.map((word) => `'${word}'`).join(' | ');

/** Whether a memory shares enough words with a look-up to be about the same thing. */
export function sharesWords(content: string, words: readonly string[]): boolean {
  const own = new Set(significantWords(content));
  const shared = words.filter((word) => own.has(word)).length;
  return shared >= Math.min(MIN_SHARED_WORDS, words.length);
}
