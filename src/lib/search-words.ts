/** Words of a search that count; a sentence has hardly more that say something. */
const MAX_WORDS = 16;

const STOP_WORDS = new Set(
  `a about am an and any are as at be been but by can could did do does for from give had has have how i if in into is it its
   let made me my of on or our please shall should show so tell than that the their them then there these they this to us was
   we were what when where which who whose why will with would you your`.split(/\s+/),
);

/**
 * The words of a question that a search can go by: names, numbers and nouns in lower case, phrases in quotes as one. A
 * plural's "s" is dropped, since words are looked for inside of lines.
 */
export function searchWords(query: string): string[] {
  const phrases = [...query.matchAll(/["`]([^"`]{2,100})["`]/g)].map((match) => match[1] ?? '');
  const words = query
    .replaceAll(/["`][^"`]{2,100}["`]/g, ' ')
    .split(/[^\p{L}\p{N}._/:-]+/u)
    .map((word) => word.replaceAll(/^[._/:-]+|[._/:-]+$/g, '').toLowerCase())
    .filter((word) => word.length > 1 && !STOP_WORDS.has(word))
    .map(singularOf);
  return [...new Set([...phrases.map((phrase) => phrase.toLowerCase()), ...words])].slice(0, MAX_WORDS);
}

function singularOf(word: string): string {
  if (!/^\p{L}{4,}$/u.test(word)) return word;
  if (/(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word;
}
