import { headOf } from '#src/lib/storable-text.ts';
import type { SessionFacts } from './load-session-facts.ts';
import type { Lessons } from './read-lessons.ts';

/** Who is named as the author of what no model wrote. */
export const RULE_AUTHOR = 'offline analyst (rule)';

const SENTENCE_MAX_CHARS = 400;
const LIST_SIGN = /^(\d+\.|[-*])\s+/;
const CONFIDENCE: Record<string, number> = { high: 0.7, medium: 0.5 };

/**
 * What can be noted without a model: the root cause that an analysis states with at least medium confidence, with its first
 * step; and what a person says about it. Nothing is concluded that does not stand there. A right answer confirms the memories
 * that the session was given.
 */
export function lessonsByRule(
  facts: Pick<SessionFacts, 'title' | 'analysis' | 'rating' | 'note' | 'injected'>,
  /** Memories that may say the same already. */
  known: readonly { id: string; content: string }[],
): Lessons {
  const cause = firstSentence(sectionOf(facts.analysis, /root cause/i)) || firstSentence(facts.analysis);
  const subject = facts.title;
  if (facts.rating === 'inaccurate') {
    if (!facts.note || cause === '') return { create: [], reinforce: [], deprecate: [] };
    const content = `${subject}: an investigation named this cause and was wrong: "${cause}" A person said: ${headOf(facts.note, SENTENCE_MAX_CHARS)}`;
    return lesson({ content, category: 'episodic', valence: 'negative', confidence: 0.8 });
  }
  const confidence = CONFIDENCE[statedConfidence(facts.analysis)];
  const isUnknown = /^(I do not know|No fault found)/i.test(facts.analysis.trim());
  const reinforce = facts.rating === 'accurate' ? facts.injected : [];
  if (cause === '' || isUnknown || confidence === undefined) return { create: [], reinforce, deprecate: [] };
  const same = known.find((memory) => memory.content.includes(cause));
  // Said before: nothing new unless a person adds to it.
  if (same && !facts.note)
    return { create: [], reinforce: [...new Set([...reinforce, same.id])], deprecate: [] };
  const step = firstStep(sectionOf(facts.analysis, /what to do/i));
  const said = facts.note ? ` A person said: ${headOf(facts.note, SENTENCE_MAX_CHARS)}` : '';
  const content = `${subject}: the cause was: ${cause}${step ? ` First step: ${step}` : ''}${said}`;
  return {
    ...lesson({ content, category: 'episodic', valence: 'neutral', confidence }),
    reinforce,
  };
}

const lesson = (draft: Lessons['create'][number]): Lessons => ({
  create: [draft],
  reinforce: [],
  deprecate: [],
});

/** Body of the first section with such a title. */
function sectionOf(analysis: string, title: RegExp): string {
  const lines = analysis.split('\n');
  const start = lines.findIndex((line) => /^#{1,4}\s/.test(line) && title.test(line));
  if (start < 0) return '';
  const end = lines.findIndex((line, index) => index > start && /^#{1,4}\s/.test(line));
  return lines.slice(start + 1, end < 0 ? undefined : end).join('\n');
}

/** The first sentence without references and Markdown; a note that stands on its own needs no more. */
function firstSentence(text: string): string {
  const found = plain(text).find((each) => each !== '' && !/^#{1,4}\s/.test(each)) ?? '';
  // Where there are several, it is the first of a list; its number ends no sentence.
  const line = found.replace(LIST_SIGN, '');
  const sentence = /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line;
  return headOf(sentence, SENTENCE_MAX_CHARS);
}

function firstStep(section: string): string {
  const line = plain(section).find((each) => LIST_SIGN.test(each)) ?? '';
  return headOf(line.replace(LIST_SIGN, '').replace(/[:;,]$/, '.'), SENTENCE_MAX_CHARS);
}

const plain = (text: string): string[] =>
  text.split('\n').map((line) =>
    line
      .replace(/\[tool:[^\]]*\]/g, '')
      .replace(/[`]|\*\*/g, '')
      .replace(/\s+/g, ' ')
      .trim(),
  );

function statedConfidence(analysis: string): string {
  const section = sectionOf(analysis, /confidence/i);
  return /\b(high|medium|low)\b/i.exec(section)?.[1]?.toLowerCase() ?? '';
}
