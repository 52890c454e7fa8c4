import { searchWords } from '#src/lib/search-words.ts';
import { readTopics, TOPIC_WORDS } from './chat-topics.ts';
import { kindOf, type QuestionKind } from './question-kind.ts';
import { type ReadAnalysis, readAnalyses } from './read-analysis.ts';
import type { Conversation } from './read-conversation.ts';
import { findTypos } from './read-typos.ts';

/** Suffix of the tool that searches what an investigation has seen. */
const SEARCH_TOOL = /(?:^|__)timeline_search$/;

/**
 * A line that was found, and the result that it is from; `entry`: a text of the session that is no tool result; `alert`: of the
 * alert itself.
 */
export interface FoundLine {
  ref: string;
  kind: 'tool' | 'entry' | 'alert';
  /** The call that gave it: its tool and arguments. */
  label: string;
  text: string;
  path: string;
}

/** A chat turn taken apart: the question, and what the session has told about itself. */
export interface Chat {
  /** What is asked, slips mended; a question that says nothing by itself goes on with the one before it. */
  question: string;
  kind: QuestionKind;
  /** The words that a search goes by. */
  words: string[];
  /** Words that are probably slips, and what was meant. */
  typos: ReadonlyMap<string, string>;
  alertLines: string[];
  analysis: ReadAnalysis | null;
  /** The whole text of the analysis, also of one that is not ours. */
  analysisText: string;
  /** One line per tool call of the session. */
  outline: string[];
  /** Null before the session has been searched. */
  search: { lines: FoundLine[]; missing: string[] } | null;
}

export const isSearchTool = (name: string): boolean => SEARCH_TOOL.test(name);

export function readChat(conversation: Conversation): Chat {
  const opening = conversation.opening;
  const asked = (sectionNamed(opening, /^question\b/) ?? lastParagraph(opening)).trim();
  const analysisText = sectionNamed(opening, /^final analysis/) ?? '';
  const alert = sectionNamed(opening, /^alert$/) ?? '';
  const outline = sectionNamed(opening, /^tool calls/) ?? '';
  const texts = [conversation.system, opening, ...conversation.laterUser, ...conversation.answers];
  const whole = wholeQuestion(asked, earlierQuestions(opening));
  const words = searchWords(whole);
  const typos = findTypos(words, [TOPIC_WORDS, analysisText, alert, outline].join('\n'));
  const question = whole.replaceAll(/\p{L}+/gu, (word) => typos.get(word.toLowerCase()) ?? word);
  return {
    question,
    kind: kindOf(question),
    words,
    typos,
    alertLines: alert.split('\n').filter((line) => line.trim() !== ''),
    analysis: readAnalyses(analysisText).at(-1) ?? texts.flatMap(readAnalyses).at(-1) ?? null,
    analysisText: analysisText.trim(),
    outline: outline.split('\n').filter((line) => line.startsWith('result ')),
    search: readSearch(conversation),
  };
}

/** What people asked before, the newest first. */
const earlierQuestions = (opening: string): string[] =>
  [
    ...(sectionNamed(opening, /^earlier questions/) ?? '').matchAll(
      /(?:^|\n\n)[^\n]{1,200}? asked: ([\s\S]*?)\nTARS answered: /g,
    ),
  ]
    .map((match) => match[1] ?? '')
    .toReversed();

/** "To how much?" goes on with the last question that said something by itself. */
function wholeQuestion(asked: string, earlier: readonly string[]): string {
  if (!isBare(asked)) return asked;
  const before = earlier.find((question) => !isBare(question));
  return before === undefined ? asked : `${asked} ${before}`;
}

function isBare(question: string): boolean {
  const { asked, words } = readTopics(question, searchWords(question), new Map());
  return (
    asked.length === 0 &&
    words.length === 0 &&
    Object.values(kindOf(question)).every((is) => is === false || is === null)
  );
}

/** The data between the markers of a section; the last one of that name. */
function sectionNamed(text: string, name: RegExp): string | null {
  const sections = [...text.matchAll(/<<<BEGIN DATA: ([^\n]*?)>>>\n([\s\S]*?)\n<<<END DATA: \1>>>/g)];
  return sections.findLast((section) => name.test(section[1] ?? ''))?.[2] ?? null;
}

const lastParagraph = (text: string): string =>
  text
    .trim()
    .split(/\n\s*\n/)
    .at(-1) ?? '';

function readSearch({ exchanges }: Conversation): Chat['search'] {
  const done = exchanges.findLast(({ toolName, output }) => isSearchTool(toolName) && output !== null);
  if (!done) return null;
  const output = done.failed ? '' : (done.output ?? '');
  const missing = /Found nowhere: (.*)\.\s*$/.exec(output)?.[1]?.split(', ') ?? [];
  return { lines: readFoundLines(output), missing };
}

/** Groups of lines, each below a heading that names where they are from. */
function readFoundLines(output: string): FoundLine[] {
  let source: Pick<FoundLine, 'ref' | 'kind' | 'label'> | null = null;
  const lines: FoundLine[] = [];
  for (const line of output.split('\n')) {
    const heading = /^# (result|entry) (\S+) · (.*)$/.exec(line);
    if (heading) {
      source = {
        kind: heading[1] === 'entry' ? 'entry' : 'tool',
        ref: heading[2] ?? '',
        label: heading[3] ?? '',
      };
      continue;
    }
    const found = /^ {2}\d+: (.*?)(?: {2}\(in ([\w./-]+)\))?$/.exec(line);
    if (found && source) lines.push({ ...source, text: (found[1] ?? '').trim(), path: found[2] ?? '' });
  }
  return lines;
}
