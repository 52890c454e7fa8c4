import type { Diagnosis } from './rank-findings.ts';
import { type ReadAnalysis, readAnalyses, sectionOf } from './read-analysis.ts';
import type { Conversation } from './read-conversation.ts';

const TOPICS: { asks: RegExp; section: string; title: string }[] = [
  {
    asks: /\b(fix|do now|what (?:can|should|shall|do) (?:i|we)|remed|resolve|solve|mitigat|rollback|roll back|command|next step)/i,
    section: 'what to do',
    title: 'What to do now',
  },
  { asks: /\b(prevent|avoid|again|future|never happen)/i, section: 'prevention', title: 'Prevention' },
  {
    asks: /\b(evidence|proof|prove|how do you know|show|log line|source|based on)/i,
    section: 'evidence',
    title: 'Evidence',
  },
  { asks: /\b(sure|certain|confiden|trust)/i, section: 'confidence', title: 'Confidence' },
  {
    asks: /\b(ruled? out|else|looked at|check(?:ed)?|other cause|exclude)/i,
    section: 'ruled out',
    title: 'Ruled out / looked at',
  },
  {
    asks: /\b(why|cause|reason|what happened|what is wrong|explain|root)/i,
    section: 'root cause',
    title: 'Root cause',
  },
];

const NOTE =
  '*Answered by rule from the analysis by the offline analyst; it is not a language model. Connect one to ask freely.*';

/** Answers a question about the investigation with the part of the analysis that it asks for. */
export function answerChat(conversation: Conversation, diagnosis: Diagnosis): string {
  const analysis = latestAnalysis(conversation);
  const question = questionOf(conversation.lastUser);
  if (!analysis) {
    const known = diagnosis.primary
      ? `What the tool results show: ${diagnosis.primary.cause}`
      : 'There is no analysis to answer from yet.';
    return `${known}\n\n${NOTE}`;
  }
  const topics = TOPICS.filter((topic) => topic.asks.test(question)).slice(0, 2);
  if (topics.length === 0) {
    return `I cannot answer that question by rule. The analysis says: ${analysis.answer}\n\nI can show its root cause, evidence, steps to take, prevention, what was ruled out, and its confidence.\n\n${NOTE}`;
  }
  const parts = topics.map(
    (topic) =>
      `**${topic.title}**\n\n${sectionOf(analysis, topic.section) || 'The analysis says nothing about it.'}`,
  );
  return [analysis.answer, ...parts, NOTE].join('\n\n');
}

function latestAnalysis(conversation: Conversation): ReadAnalysis | undefined {
  const texts = [conversation.system, conversation.alert, ...conversation.laterUser, ...conversation.answers];
  return texts.flatMap(readAnalyses).at(-1);
}

/** The question itself: what follows the last delimiter or heading of the message. */
function questionOf(text: string): string {
  const tagged = text.match(/<((?:user[-_])?question)\b[^>]*>([\s\S]*?)<\/\1>/i)?.[2];
  return (tagged ?? text.split(/\n\s*\n/).at(-1) ?? text).trim();
}
