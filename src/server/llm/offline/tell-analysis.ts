import type { Topic } from './chat-topics.ts';
import { countIn, isHalfUnknown, tellingOf } from './choose-lines.ts';
import { knownToolOf } from './known-tools.ts';
import { sectionOf } from './read-analysis.ts';
import type { Chat } from './read-chat.ts';
import { MAX_CHAT_SENTENCES } from './tunables.ts';

/** Advice says what could be, not what is: it answers only who asks for it. */
const ADVICE = /^(?:what to do|prevention)/;

export function tellTopic({ analysis, analysisText }: Chat, topic: Topic): string[] {
  if (!analysis) {
    // Not an analysis of ours: its sections cannot be told apart for certain, so only its beginning is given.
    const opening = analysisText.split(/\n\s*\n/).find((part) => part.trim() !== '' && !part.startsWith('#'));
    return opening && topic.title === null ? [opening.trim()] : [];
  }
  if (topic.title === null) return [analysis.answer];
  const section = sectionOf(analysis, topic.section);
  return section === '' ? [] : [`**${topic.title}**\n\n${section}`];
}

/** The sentences of the analysis that hold most, and at least half, of what is asked for; asked for now: its answer. */
export function tellSentences(chat: Chat, words: readonly string[]): string[] {
  const { analysis, kind, typos } = chat;
  if (words.length === 0) return analysis && kind.now ? [analysis.answer] : [];
  const telling = tellingOf(words);
  if (isHalfUnknown(chat, telling)) return [];
  const graded = sentencesOf(factsOf(chat)).map((sentence) => ({
    sentence,
    held: countIn(sentence, telling, typos),
  }));
  const most = Math.max(0, ...graded.map(({ held }) => held));
  if (most < telling.length / 2 || most === 0) return [];
  const best = graded.filter(({ held }) => held === most).map(({ sentence }) => sentence);
  return [...new Set(best)].slice(0, MAX_CHAT_SENTENCES);
}

function factsOf({ analysis, analysisText }: Chat): string {
  if (!analysis) return analysisText;
  const sections = [...analysis.sections].filter(([title]) => !ADVICE.test(title));
  return [analysis.answer, ...sections.map(([, body]) => body)].join('\n');
}

/** Sentences of prose: no headings, no commands, no list of what was called. */
const sentencesOf = (text: string): string[] =>
  text
    .replaceAll(/```[\s\S]*?```/g, '')
    .split('\n')
    .map((line) => line.trim().replace(/^(?:[-*]|\d+\.)\s+/, ''))
    .filter((line) => line !== '' && !/^(?:#|`\w+__|\*This analysis)/.test(line))
    .flatMap((line) => line.split(/(?<=[.!?])\s+(?=[A-Z])/));

/** Which tools were called, and whether any of them can have changed something. */
export function tellCalls({ outline }: Chat): string {
  const tools = outline.map((line) => /^result \S+: (\S+)/.exec(line)?.[1]?.split('.').at(-1) ?? '');
  if (tools.length === 0) return 'This session has called no tool, so it has changed nothing.';
  const counted = [...Map.groupBy(tools, (tool) => tool)].map(([tool, { length }]) =>
    length === 1 ? `\`${tool}\`` : `\`${tool}\` (${length} times)`,
  );
  const called = `This session has called ${counted.join(', ')}.`;
  return tools.every((tool) => knownToolOf(tool) !== null)
    ? `${called} All of these only read: nothing was changed.`
    : `${called} I cannot say of all of these that they only read: look at them in the timeline.`;
}

/** The calls that did not work, with what they gave instead. */
export function tellFailures({ outline }: Chat): string {
  const failed = outline.flatMap((line) => {
    const call = /^result (\S+): (\S+) .* · (?!completed)(\w+), \d+ bytes: ?(.*)$/.exec(line);
    const [, id = '', tool = '', status = '', head = ''] = call ?? [];
    return call
      ? [`- \`${tool}\` ${status.replace('_', ' ')}: ${head || 'it gave nothing'} [tool: ${id}]`]
      : [];
  });
  return failed.length === 0
    ? `None of the ${outline.length} calls that I can see failed.`
    : ['These calls did not work:', ...failed].join('\n');
}

/** Since when the alert says that it goes on. */
export function tellSince({ alertLines }: Chat): string[] {
  const since = alertLines.find((line) => line.startsWith('Firing since: '))?.slice('Firing since: '.length);
  return since === undefined ? [] : [`The alert has been firing since ${since}.`];
}
