import { setImmediate as letOthersWork } from 'node:timers/promises';
import { searchWords } from '#src/lib/search-words.ts';
import { cutBefore, headOf } from '#src/lib/storable-text.ts';
import { createKeyPath } from './key-path.ts';
import {
  CHILD_LINES,
  CONTEXT_WORD_WEIGHT,
  ENTRY_WEIGHT,
  SEARCH_CANDIDATES,
  SEARCH_LINE_MAX_CHARS,
  SEARCH_LINES_PER_SLICE,
  SEARCH_MAX_MATCHES,
  SEARCH_MAX_MATCHES_PER_TEXT,
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

export type LineMatch = TextSource & {
  line: number;
  text: string;
  /** The keys of a manifest under which the line stands, or empty. */
  path: string;
};
export type SearchResult = {
  /** Best first: lines with more, and rarer, of the words. */
  matches: LineMatch[];
  texts: number;
  /** Words of the query that no line holds. */
  missing: string[];
};

/** `around`: words that are not in the line but in its path, or in the call that gave it. */
type Candidate = LineMatch & { words: number[]; around: number[]; order: number };

/**
 * Ranks the lines of all texts by the words of the query that they hold, and by those around them. Reads each text once and
 * holds one at a time.
 */
export async function searchTexts(
  texts: AsyncIterable<SearchableText> | Iterable<SearchableText>,
  query: string,
  signal?: AbortSignal,
): Promise<SearchResult> {
  const words = searchWords(query);
  const linesWith = words.map(() => 0);
  let candidates: Candidate[] = [];
  let count = 0;
  let lines = 0;
  for await (const { text, ...source } of texts) {
    count += 1;
    const pathOf = createKeyPath();
    const all = text.split('\n');
    for (const [index, line] of all.entries()) {
      lines += 1;
      if (lines % SEARCH_LINES_PER_SLICE === 0) {
        await letOthersWork();
        signal?.throwIfAborted();
      }
      const path = pathOf(line);
      const found = wordsIn(words, line);
      if (found.length === 0) continue;
      for (const at of found) linesWith[at] = (linesWith[at] ?? 0) + 1;
      const around = wordsIn(words, `${path} ${source.label}`).filter((at) => !found.includes(at));
      const shown = aroundMatch(
        withChildren(all, index),
        line.toLowerCase().indexOf(words[found[0] ?? 0] ?? ''),
      );
      candidates.push({ ...source, line: index + 1, text: shown, path, words: found, around, order: lines });
      if (candidates.length > 2 * SEARCH_CANDIDATES) candidates = keepBest(candidates, countWords);
    }
  }
  const rarity = linesWith.map((having) => Math.log(1 + lines / Math.max(1, having)));
  const weigh = (found: readonly number[]) => found.reduce((sum, at) => sum + (rarity[at] ?? 0), 0);
  const score = ({ words: own, around, kind }: Candidate) =>
    (weigh(own) + CONTEXT_WORD_WEIGHT * weigh(around)) * (kind === 'tool' ? 1 : ENTRY_WEIGHT);
  return {
    matches: spread(keepBest(candidates, score)).map(toMatch),
    texts: count,
    missing: words.filter((_word, at) => linesWith[at] === 0),
  };
}

function wordsIn(words: readonly string[], text: string): number[] {
  const lower = text.toLowerCase();
  return words.flatMap((word, at) => (lower.includes(word) ? [at] : []));
}

const countWords = ({ words, around }: Candidate): number =>
  words.length + CONTEXT_WORD_WEIGHT * around.length;

const toMatch = ({ words: _words, around: _around, order: _order, ...match }: Candidate): LineMatch => match;

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

/** A key of a manifest that has no value on its line, with the first lines below it. */
function withChildren(lines: readonly string[], index: number): string {
  const line = lines[index] ?? '';
  if (!/^\s*(?:- )*[\w./-]+:\s*$/.test(line)) return line;
  const indent = line.search(/\S/);
  const children: string[] = [];
  for (const below of lines.slice(index + 1, index + 1 + CHILD_LINES)) {
    if (below.search(/\S/) <= indent && !below.trimStart().startsWith('- ')) break;
    children.push(below.trim());
  }
  return [line.trimEnd(), children.join(', ')].filter(Boolean).join(' ');
}

/** A long line from shortly before its match. */
function aroundMatch(line: string, at: number): string {
  const text = line.trimEnd();
  if (text.length <= SEARCH_LINE_MAX_CHARS) return text.trimStart();
  const start = cutBefore(text, Math.max(0, at - SEARCH_LINE_MAX_CHARS / 4));
  const shown = headOf(text.slice(start), SEARCH_LINE_MAX_CHARS);
  return `${start > 0 ? '… ' : ''}${shown}${start + shown.length < text.length ? ' …' : ''}`;
}
