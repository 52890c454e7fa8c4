import { readTopics } from './chat-topics.ts';
import { chooseLines, isOfAnalysis } from './choose-lines.ts';
import { type Chat, type FoundLine, readChat } from './read-chat.ts';
import type { Conversation } from './read-conversation.ts';
import { tellCalls, tellFailures, tellSentences, tellSince, tellTopic } from './tell-analysis.ts';
import { MAX_QUOTE_CHARS } from './tunables.ts';

const NOTE =
  '*Answered by rule from what this session holds, by the offline analyst; it is not a language model. Connect one to ask freely.*';

const NOT_NOW =
  'That is how it was during the investigation. I do not look again while chatting: run the session again to see how it is now.';

const ABILITIES =
  'I can tell its root cause, evidence, what to do, prevention, what was ruled out and how sure it is, or find lines by the names in them.';

/**
 * Answers a question about an investigation from what it holds: the part of the analysis that the question asks for, and
 * the lines of its tool results that hold the question's words. Says plainly when neither is there.
 */
export function answerChat(conversation: Conversation): string {
  const chat = readChat(conversation);
  if (chat.kind.smallTalk) return [`Ask me about this investigation. ${ABILITIES}`, NOTE].join('\n\n');
  const { asked, words } = readTopics(chat.question, chat.words, chat.typos);
  const byKind = tellByKind(chat);
  const told = byKind.length > 0 ? byKind : asked.flatMap((topic) => tellTopic(chat, topic));
  const unknown = unknownNames(chat, words);
  if (unknown.length > 0 && told.length === 0) return [nothingAbout(chat, unknown), NOTE].join('\n\n');
  const hasTopic = told.length > 0;
  if (!hasTopic && !chat.kind.owner) told.push(...tellSentences(chat, words));
  if (chat.kind.now) told.push(NOT_NOW);
  const lines = chooseLines(chat, words, hasTopic ? 'topic' : told.length > 0 ? 'sentence' : null);
  if (told.length === 0 && lines.length === 0) return [nothing(chat, words), NOTE].join('\n\n');
  const parts = [...tellTypos(chat), ...told];
  if (lines.length > 0) parts.push(headingOf(lines), lines.map(quote).join('\n'));
  if (unknown.length > 0) parts.push(`Nothing in this session mentions ${listWords(chat, unknown)}.`);
  return [...parts, NOTE].join('\n\n');
}

function tellByKind(chat: Chat): string[] {
  if (chat.kind.done) return [tellCalls(chat)];
  if (chat.kind.failed) return [tellFailures(chat)];
  return chat.kind.since ? tellSince(chat) : [];
}

const headingOf = (lines: readonly FoundLine[]): string =>
  lines.every(({ kind }) => kind === 'tool')
    ? 'What the tool results say about it:'
    : 'What the session holds about it:';

function quote({ text, path, label, kind, ref }: FoundLine): string {
  const shown = text.length > MAX_QUOTE_CHARS ? `${text.slice(0, MAX_QUOTE_CHARS)}…` : text;
  // A line of the analysis is a sentence; its references did not come through the search.
  if (kind === 'entry')
    return `- ${shown.replace(/^(?:[-*]|\d+\.)\s+/, '').replaceAll(/\s*\(tools?: [^()]*\)/g, '')}`;
  const code = `\`${shown.replaceAll('`', "'")}\``;
  if (kind === 'alert') return `- ${code}, from the alert`;
  const place = path === '' ? '' : ` in \`${path}\``;
  return `- ${code}${place}, from ${describeCall(label)} [tool: ${ref}]`;
}

/** `cluster.pods_log {"namespace":"shop","name":"x"}` as `pods_log of x`. */
function describeCall(label: string): string {
  const tool = label.split(' ', 1)[0]?.split('.').at(-1) ?? '';
  const named = ['name', 'kind', 'namespace'].flatMap(
    (key) => new RegExp(`"${key}": ?"([^"]+)"`).exec(label)?.[1] ?? [],
  );
  return named[0] === undefined ? tool : `${tool} of ${named[0]}`;
}

function nothingAbout(chat: Chat, names: readonly string[]): string {
  const found = chat.analysis ? `\n\nWhat it did find: ${chat.analysis.answer}` : '';
  return `This session holds no answer to that: nothing in it mentions ${listWords(chat, names)}.${found}`;
}

function nothing(chat: Chat, words: readonly string[]): string {
  const subject = words.length > 0 ? ` about ${listWords(chat, words.slice(0, 6))}` : '';
  const answer = chat.analysis?.answer ?? '';
  return [
    whyNothing(chat, subject),
    ...(answer === '' ? [] : [`What it did find: ${answer}`]),
    ABILITIES,
  ].join('\n\n');
}

function whyNothing({ search, kind, outline }: Chat, subject: string): string {
  if (search === null && subject !== '')
    return `I cannot answer that: no tool may be called any more, so the session was not searched for anything${subject}.`;
  const calls = `Its ${outline.length} tool calls were searched, and`;
  if (kind.owner)
    return `This session holds no answer to that. ${calls} no line names a person or a team${subject}.`;
  return `This session holds no answer to that. ${calls} no line says enough${subject}.`;
}

/** Names in the question that no tool result and no analysis holds; what people asked before is no evidence. */
function unknownNames({ search, question, alertLines }: Chat, words: readonly string[]): string[] {
  if (!search) return [];
  const known = [
    ...alertLines,
    ...search.lines
      .filter(({ kind, label }) => kind === 'tool' || isOfAnalysis(label))
      .map(({ text, label }) => `${text} ${label}`),
  ].map((line) => line.toLowerCase());
  return words.filter((word) => isName(word, question) && !known.some((line) => line.includes(word)));
}

/** Words that name one certain thing: with a digit, a dot, a dash or a slash in them, or written in quotes. */
const isName = (word: string, question: string): boolean =>
  /[\d./:-]/.test(word) ||
  ['"', '`'].some((sign) => question.toLowerCase().includes(`${sign}${word}${sign}`));

/** What was taken for a slip, where the word itself is nowhere. */
const tellTypos = ({ typos, search }: Chat): string[] =>
  [...typos]
    .filter(([word]) => search === null || search.missing.includes(word))
    .map(([word, meant]) => `I read “${word}” as “${meant}”.`);

/** Words as the question has them: a search goes by less. */
function listWords({ question }: Chat, words: readonly string[]): string {
  const spoken = question.match(/[\p{L}\p{N}._/:-]+/gu) ?? [];
  return words
    .map((word) => spoken.find((said) => said.toLowerCase().startsWith(word))?.toLowerCase() ?? word)
    .map((word) => `“${word}”`)
    .join(', ');
}
