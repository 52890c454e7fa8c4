import { setImmediate as letOthersWork } from 'node:timers/promises';
import { cutBefore, headOf } from '#src/lib/storable-text.ts';
import {
  SEARCH_CANDIDATES,
  SEARCH_LINE_MAX_CHARS,
  SEARCH_LINES_PER_SLICE,
  SEARCH_MAX_MATCHES,
  SEARCH_MAX_MATCHES_PER_TEXT,
  SEARCH_MAX_WORDS,
} from './tunables.ts';

/** Something of a session that can be searched: a tool's result, an answer, a question. */
export type TextSource = {
  /** Id of the tool call, or of the timeline item. */
  ref: string;
  /** Only tool results are cited by answers. */
  kind: 'tool' | 'entry';
  label: string;
};
export type SearchableText = TextSource & { text: string };

export type LineMatch = TextSource & { line: number; text: string };
export type SearchResult = {
  /** Best first: lines with more, and rarer, of the words. */
  matches: LineMatch[];
  texts: number;
  /** Words of the query that no line holds. */
  missing: string[];
};

type Candidate = LineMatch & { words: number[]; order: number };

const STOP_WORDS = new Set(
  `a an and are as at be been but by can could did do does for from had has have how i if in is it its me my of on or our
   please should so tell than that the their them then there these they this to us was we were what when where which who why
   will with would you your about any show`.split(/\s+/),
);

/** The words of a question that a search can go by: names, numbers and nouns, phrases in quotes as one. */
export function wordsOf(query: string): string[] {
  const phrases = [...query.matchAll(/"([^"]{2,100})"/g)].map((match) => match[1] ?? '');
  const words = query
    .replaceAll(/"[^"]{2,100}"/g, ' ')
    .split(/[^\p{L}\p{N}._/:-]+/u)
    .map((word) => word.replaceAll(/^[._/:-]+|[._/:-]+$/g, ''));
  const wanted = [...phrases, ...words]
    .map((word) => word.toLowerCase())
    .filter((word) => word.length > 1 && !STOP_WORDS.has(word));
  return [...new Set(wanted)].slice(0, SEARCH_MAX_WORDS);
}

/** Ranks the lines of all texts by the words of the query. Reads each text once and holds one at a time. */
export async function searchTexts(
  texts: AsyncIterable<SearchableText> | Iterable<SearchableText>,
  query: string,
  signal?: AbortSignal,
): Promise<SearchResult> {
  const words = wordsOf(query);
  const linesWith = words.map(() => 0);
  let candidates: Candidate[] = [];
  let count = 0;
  let lines = 0;
  for await (const { text, ...source } of texts) {
    count += 1;
    for (const [index, line] of text.split('\n').entries()) {
      lines += 1;
      if (lines % SEARCH_LINES_PER_SLICE === 0) {
        await letOthersWork();
        signal?.throwIfAborted();
      }
      const lower = line.toLowerCase();
      const found = words.flatMap((word, at) => (lower.includes(word) ? [at] : []));
      if (found.length === 0) continue;
      for (const at of found) linesWith[at] = (linesWith[at] ?? 0) + 1;
      const shown = aroundMatch(line, lower.indexOf(words[found[0] ?? 0] ?? ''));
      candidates.push({ ...source, line: index + 1, text: shown, words: found, order: lines });
      if (candidates.length > 2 * SEARCH_CANDIDATES)
        candidates = keepBest(candidates, (entry) => entry.words.length);
    }
  }
  const rarity = linesWith.map((having) => Math.log(1 + lines / Math.max(1, having)));
  const score = ({ words: found }: Candidate) => found.reduce((sum, at) => sum + (rarity[at] ?? 0), 0);
  return {
    matches: spread(keepBest(candidates, score)).map(({ words: _words, order: _order, ...match }) => match),
    texts: count,
    missing: words.filter((_word, at) => linesWith[at] === 0),
  };
}

function keepBest(candidates: readonly Candidate[], score: (candidate: Candidate) => number): Candidate[] {
  return candidates.toSorted((a, b) => score(b) - score(a) || a.order - b.order).slice(0, SEARCH_CANDIDATES);
}

/** Of one text only some lines, and the same line once: a log that repeats itself must not hide everything else. */
function spread(sorted: readonly Candidate[]): Candidate[] {
  const perText = new Map<string, number>();
  const seen = new Set<string>();
  const chosen: Candidate[] = [];
  for (const candidate of sorted) {
    const taken = perText.get(candidate.ref) ?? 0;
    const same = candidate.text.replaceAll(/\d+/g, '0');
    if (taken >= SEARCH_MAX_MATCHES_PER_TEXT || seen.has(same)) continue;
    seen.add(same);
    perText.set(candidate.ref, taken + 1);
    chosen.push(candidate);
    if (chosen.length === SEARCH_MAX_MATCHES) break;
  }
  return chosen;
}

/** A long line from shortly before its match. */
function aroundMatch(line: string, at: number): string {
  const text = line.trimEnd();
  if (text.length <= SEARCH_LINE_MAX_CHARS) return text.trimStart();
  const start = cutBefore(text, Math.max(0, at - SEARCH_LINE_MAX_CHARS / 4));
  const shown = headOf(text.slice(start), SEARCH_LINE_MAX_CHARS);
  return `${start > 0 ? '… ' : ''}${shown}${start + shown.length < text.length ? ' …' : ''}`;
}
