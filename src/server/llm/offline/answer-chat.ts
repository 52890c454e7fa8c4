import { namesOf, readTopics, type Topic } from './chat-topics.ts';
import { sectionOf } from './read-analysis.ts';
import { type Chat, type FoundLine, readChat } from './read-chat.ts';
import type { Conversation } from './read-conversation.ts';
import { MAX_CHAT_LINES, MAX_CHAT_SENTENCES, MAX_QUOTE_CHARS } from './tunables.ts';

const NOTE =
  '*Answered by rule from what this session holds, by the offline analyst; it is not a language model. Connect one to ask freely.*';

/** Words that most lines of a cluster have; they count only where a question has no others. */
const COMMON = new Set(
  'pod container cluster kubernetes service namespace value thing problem issue error alert session investigation tool'.split(
    ' ',
  ),
);

/**
 * Answers a question about an investigation from what it holds: the part of the analysis that the question asks for, and
 * the lines of its tool results that hold the question's words. Says plainly when neither is there.
 */
export function answerChat(conversation: Conversation): string {
  const chat = readChat(conversation);
  const { asked, words } = readTopics(chat.question, chat.words);
  const told = asked.flatMap((topic) => tellTopic(chat, topic));
  const unknown = unknownNames(chat, words);
  if (unknown.length > 0 && told.length === 0) return [nothingAbout(chat, unknown), NOTE].join('\n\n');
  if (told.length === 0) told.push(...tellAnswer(chat, words));
  if (asksForNow(chat.question)) told.push(NOT_NOW);
  const lines = chooseLines(chat, words, asked.length > 0);
  if (told.length === 0 && lines.length === 0) return [nothing(chat, words), NOTE].join('\n\n');
  const parts = [...told];
  if (lines.length > 0) parts.push('What the tool results say about it:', lines.map(quote).join('\n'));
  if (unknown.length > 0) parts.push(`Nothing in this session mentions ${listWords(unknown)}.`);
  return [...parts, NOTE].join('\n\n');
}

/** The sentences of the analysis that hold most, and at least half, of what is asked for; asked for now: its answer. */
function tellAnswer({ analysis, analysisText, question }: Chat, words: readonly string[]): string[] {
  if (words.length === 0) return analysis && asksForNow(question) ? [analysis.answer] : [];
  const telling = tellingOf(words);
  const graded = sentencesOf(analysisText).map((sentence) => ({
    sentence,
    held: countIn(sentence, telling),
  }));
  const most = Math.max(0, ...graded.map(({ held }) => held));
  if (most < telling.length / 2 || most === 0) return [];
  const best = graded.filter(({ held }) => held === most).map(({ sentence }) => sentence);
  return [...new Set(best)].slice(0, MAX_CHAT_SENTENCES);
}

/** Sentences of prose: no headings, no commands, no list of what was called. */
const sentencesOf = (text: string): string[] =>
  text
    .replaceAll(/```[\s\S]*?```/g, '')
    .split('\n')
    .map((line) => line.trim().replace(/^(?:[-*]|\d+\.)\s+/, ''))
    .filter((line) => line !== '' && !/^(?:#|`\w+__|\*This analysis)/.test(line))
    .flatMap((line) => line.split(/(?<=[.!?])\s+(?=[A-Z])/));

const countIn = (text: string, words: readonly string[]): number =>
  words.filter((word) => namesOf(word).some((name) => beginsIn(text, name))).length;

/** The words that tell questions apart; the common ones only where there are no others. */
function tellingOf(words: readonly string[]): readonly string[] {
  const special = words.filter((word) => !COMMON.has(word));
  return special.length > 0 ? special : words;
}

const NOT_NOW =
  'That is how it was during the investigation. I do not look again while chatting: run the session again to see how it is now.';

const asksForNow = (question: string): boolean =>
  /\b(now|still|currently|meanwhile|by now|at the moment|recovered)\b/i.test(question) &&
  !/\bdo (?:right )?now\b/i.test(question);

function tellTopic({ analysis, analysisText }: Chat, topic: Topic): string[] {
  if (!analysis) {
    // Not an analysis of ours: its sections cannot be told apart for certain, so only its beginning is given.
    const opening = analysisText.split(/\n\s*\n/).find((part) => part.trim() !== '' && !part.startsWith('#'));
    return opening && topic.title === null ? [opening.trim()] : [];
  }
  if (topic.title === null) return [analysis.answer];
  const section = sectionOf(analysis, topic.section);
  return section === '' ? [] : [`**${topic.title}**\n\n${section}`];
}

/** Lines that hold clearly less than the best one are noise. */
const NEAR_BEST = 0.7;

/** Lines that hold enough of the words: beside an answer from the analysis nearly all, alone at least half. */
function chooseLines({ search }: Chat, words: readonly string[], beside: boolean): FoundLine[] {
  const telling = tellingOf(words);
  if (!search || telling.length === 0) return [];
  // Half of the question is about something that is nowhere here: the other half answers nothing.
  const nowhere = telling.filter((word) => namesOf(word).every((name) => search.missing.includes(name)));
  if (nowhere.length >= telling.length / 2) return [];
  const needed = beside ? 0.75 : 0.5;
  const graded = search.lines
    .filter((line) => isEvidence(line) && !isTableHead(line.text))
    .map((line) => ({ line, ...grade(line, telling) }))
    .filter(({ own, share }) => own > 0 && share >= needed);
  const best = graded.toSorted((a, b) => b.share - a.share || b.own - a.own)[0];
  if (!best) return [];
  return graded
    .filter(({ own, share }) => share === best.share && own >= best.own * NEAR_BEST)
    .sort((a, b) => b.own - a.own)
    .slice(0, MAX_CHAT_LINES)
    .map(({ line }) => line);
}

/**
 * How much of the words a line holds itself, with more weight where one names its key or the tool that gave it, and what
 * share of them together with its surroundings.
 */
function grade({ text, path, label }: FoundLine, words: readonly string[]): { own: number; share: number } {
  const key = /^[\w./-]+(?=:\s)/.exec(text)?.[0] ?? '';
  const tool = label.split(' ', 1)[0] ?? '';
  return {
    own: countIn(text, words) + 0.5 * countIn(key, words) + countIn(tool, words),
    share: countIn(`${text} ${path} ${label}`, words) / words.length,
  };
}

/** Whether a word begins with `name`, also in the middle of a name like `nodeName`: "ready" is not in "already". */
function beginsIn(text: string, name: string): boolean {
  const lower = text.toLowerCase();
  for (let at = lower.indexOf(name); at >= 0; at = lower.indexOf(name, at + 1)) {
    if (!/[a-z]/i.test(text.charAt(at - 1)) || /[A-Z]/.test(text.charAt(at))) return true;
  }
  return false;
}

function quote({ text, path, label, kind, ref }: FoundLine): string {
  const shown = text.length > MAX_QUOTE_CHARS ? `${text.slice(0, MAX_QUOTE_CHARS)}…` : text;
  // A line of the analysis is a sentence; its references did not come through the search.
  if (kind === 'entry')
    return `- ${shown.replace(/^(?:[-*]|\d+\.)\s+/, '').replaceAll(/\s*\(tools?: [^()]*\)/g, '')}`;
  const place = path === '' ? '' : ` in \`${path}\``;
  return `- \`${shown.replaceAll('`', "'")}\`${place}, from ${describeCall(label)} [tool: ${ref}]`;
}

/** `cluster.pods_log {"namespace":"shop","name":"x"}` as `pods_log of x`. */
function describeCall(label: string): string {
  const tool = label.split(' ', 1)[0]?.split('.').at(-1) ?? '';
  const named = ['name', 'kind', 'namespace'].flatMap(
    (key) => new RegExp(`"${key}": ?"([^"]+)"`).exec(label)?.[1] ?? [],
  );
  return named[0] === undefined ? tool : `${tool} of ${named[0]}`;
}

function nothingAbout({ analysis }: Chat, names: readonly string[]): string {
  const found = analysis ? `\n\nWhat it did find: ${analysis.answer}` : '';
  return `This session holds no answer to that: nothing in it mentions ${listWords(names)}.${found}`;
}

function nothing(chat: Chat, words: readonly string[]): string {
  const subject = words.length > 0 ? ` about ${listWords(words.slice(0, 6))}` : '';
  const answer = chat.analysis?.answer ?? '';
  return [
    chat.search === null && words.length > 0
      ? `I cannot answer that: no tool may be called any more, so the session was not searched for anything${subject}.`
      : `This session holds no answer to that. Its ${chat.outline.length} tool calls were searched, and no line says enough${subject}.`,
    ...(answer === '' ? [] : [`What it did find: ${answer}`]),
    'I can tell its root cause, evidence, what to do, prevention, what was ruled out and how sure it is, or find lines by the names in them.',
  ].join('\n\n');
}

/** Names in the question that no tool result and no analysis holds; what people asked before is no evidence. */
function unknownNames({ search, question }: Chat, words: readonly string[]): string[] {
  if (!search) return [];
  const known = search.lines.filter(isEvidence).map(({ text, label }) => `${text} ${label}`.toLowerCase());
  return words.filter((word) => isName(word, question) && !known.some((line) => line.includes(word)));
}

/** Words that name one certain thing: with a digit, a dot, a dash or a slash in them, or written in quotes. */
const isName = (word: string, question: string): boolean =>
  /[\d./:-]/.test(word) ||
  ['"', '`'].some((sign) => question.toLowerCase().includes(`${sign}${word}${sign}`));

/** Results of tools and the analysis; not thoughts, and not what was said in the chat. */
const isEvidence = ({ kind, label }: FoundLine): boolean =>
  kind === 'tool' || label.startsWith('final analysis');

const isTableHead = (line: string): boolean =>
  /^[A-Z()/]+(?: {2,}[A-Z()/ ]+)+$/i.test(line) && line === line.toUpperCase();

const listWords = (words: readonly string[]): string => words.map((word) => `“${word}”`).join(', ');
