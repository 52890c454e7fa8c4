import { namesOf } from './chat-topics.ts';
import { PEOPLE, SOURCES, type SourceName, TIMES } from './question-kind.ts';
import type { Chat, FoundLine } from './read-chat.ts';
import { MAX_CHAT_LINES } from './tunables.ts';

/** Words that most lines of a cluster have; they count only where a question has no others. */
const COMMON = new Set(
  'pod container cluster kubernetes service namespace value thing problem issue error alert session investigation tool'.split(
    ' ',
  ),
);

/** They ask for a number of what another word names. */
const COUNTS = new Set(['many', 'often']);

/** Lines that hold clearly less than the best one are noise. */
const NEAR_BEST = 0.7;

type Typos = Chat['typos'];

/** The words that tell questions apart; the common ones only where there are no others. */
export function tellingOf(words: readonly string[]): readonly string[] {
  const special = words.filter((word) => !COMMON.has(word));
  if (special.some((word) => !COUNTS.has(word))) return special;
  const counted = words.filter((word) => !COUNTS.has(word));
  return counted.length > 0 ? counted : words;
}

/** Whether half of the question is about something that is nowhere here: the other half answers nothing. */
export function isHalfUnknown({ search, typos, alertLines, analysisText }: Chat, telling: readonly string[]) {
  if (!search) return false;
  const known = [analysisText, ...alertLines].join('\n');
  const nowhere = telling.filter((word) =>
    namesOf(word, typos).every((name) => search.missing.includes(name) && !beginsIn(known, name)),
  );
  return telling.length > 0 && nowhere.length >= telling.length / 2;
}

/** What has been told of the analysis already. */
type Told = 'topic' | 'sentence' | null;

/**
 * The lines that answer: of people or times where the question asks for these; otherwise those that hold enough of the words,
 * beside an answer from the analysis nearly all, alone at least half.
 */
export function chooseLines(chat: Chat, words: readonly string[], told: Told): FoundLine[] {
  const { kind, typos } = chat;
  const lines = evidenceOf(chat, told);
  if (kind.done || kind.failed) return [];
  if (kind.owner) return lines.filter(({ text }) => isKeyOf(text, PEOPLE)).slice(0, MAX_CHAT_LINES);
  if (kind.since) return lines.filter(({ text }) => isKeyOf(text, TIMES)).slice(0, MAX_CHAT_LINES);
  if (kind.source !== null) return linesOfSource(lines, words, kind.source, typos);
  const telling = tellingOf(words);
  if (telling.length === 0 || isHalfUnknown(chat, telling)) return [];
  // Beside an answer they say nothing: every other line has them.
  if (told === 'topic' && telling.every((word) => COMMON.has(word))) return [];
  const needed = told === 'topic' ? 0.75 : 0.5;
  const graded = lines
    // What somebody asked for is no sign of what went wrong.
    .filter(({ path }) => !kind.guess || !/^(?:spec|metadata)\b/.test(path))
    .map((line) => ({ line, ...grade(line, telling, typos) }))
    .filter(({ own, share }) => own > 0 && share >= needed);
  const best = graded.toSorted((a, b) => b.share - a.share || b.own - a.own)[0];
  if (!best) return [];
  return graded
    .filter(({ own, share }) => share === best.share && own >= best.own * NEAR_BEST)
    .sort((a, b) => b.own - a.own)
    .slice(0, MAX_CHAT_LINES)
    .map(({ line }) => line);
}

/** Lines of a log, or of events: those that hold what else is asked for, or the ones that say something. */
function linesOfSource(
  lines: readonly FoundLine[],
  words: readonly string[],
  name: SourceName,
  typos: Typos,
): FoundLine[] {
  const source = SOURCES[name];
  const about = tellingOf(words.filter((word) => !/^(?:logs?|events?)$/.test(word)));
  const from = lines.filter(({ label }) => source.tool.test(label.split(' ', 1)[0] ?? ''));
  const telling =
    about.length === 0
      ? from.filter(({ text }) => source.line.test(text))
      : from.filter(({ text }) => countIn(text, about, typos) >= about.length / 2);
  return telling.slice(0, MAX_CHAT_LINES);
}

/**
 * Lines of tool results and of the alert; of the analysis only where no part of it has been told: not its headings, nor its list
 * of calls. What was thought, or said in the chat, is no evidence.
 */
function evidenceOf({ search, alertLines }: Chat, told: Told): FoundLine[] {
  const alert = alertLines.map((text): FoundLine => ({ ref: '', kind: 'alert', label: '', text, path: '' }));
  const found = (search?.lines ?? []).filter(({ kind, label, text }) => {
    if (kind === 'tool') return !isTableHead(text) && !text.startsWith('#');
    return told === null && isOfAnalysis(label) && !/^(?:#|- `\w+__|\*This analysis|```|kubectl )/.test(text);
  });
  // Beside a part of the analysis the alert says nothing new.
  return told === 'topic' ? found : [...alert, ...found];
}

/** Whether a text that is no tool result is the analysis. */
export const isOfAnalysis = (label: string): boolean => label.startsWith('final analysis');

/** Whether the line is a key or label of one of these names with a value: `acme.dev/team: shop`. */
const isKeyOf = (text: string, names: readonly string[]): boolean => {
  const key = /^(?:- |label |annotation )?([\w./-]+): *\S/i.exec(text)?.[1]?.toLowerCase() ?? '';
  return names.includes(key.split(/[./-]/).at(-1) ?? '');
};

/**
 * How much of the words a line holds itself, with more weight where one names its key or the tool that gave it, and what
 * share of them together with its surroundings.
 */
function grade(
  { text, path, label }: FoundLine,
  words: readonly string[],
  typos: Typos,
): { own: number; share: number } {
  const key = /^[\w./-]+(?=:\s)/.exec(text)?.[0] ?? '';
  const tool = label.split(' ', 1)[0] ?? '';
  return {
    own: countIn(text, words, typos) + 0.5 * countIn(key, words, typos) + countIn(tool, words, typos),
    share: countIn(`${text} ${path} ${label}`, words, typos) / words.length,
  };
}

export const countIn = (text: string, words: readonly string[], typos: Typos): number =>
  words.filter((word) => namesOf(word, typos).some((name) => beginsIn(text, name))).length;

/** Whether a word begins with `name`, also in the middle of a name like `nodeName`: "ready" is not in "already". */
function beginsIn(text: string, name: string): boolean {
  const lower = text.toLowerCase();
  for (let at = lower.indexOf(name); at >= 0; at = lower.indexOf(name, at + 1)) {
    if (!/[a-z]/i.test(text.charAt(at - 1)) || /[A-Z]/.test(text.charAt(at))) return true;
  }
  return false;
}

const isTableHead = (line: string): boolean =>
  /^[A-Z()/]+(?: {2,}[A-Z()/ ]+)+$/i.test(line) && line === line.toUpperCase();
