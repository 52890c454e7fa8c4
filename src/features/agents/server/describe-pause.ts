import type { ModelMessage } from 'ai';
import { withoutReferences } from '#src/lib/plain-answer.ts';
import { callsOf, textOf } from './conversation.ts';
import { PAUSE_FOUND_MAX_CHARS } from './tunables.ts';

/** How far a conversation has come, for the people who decide whether it goes on: what it said last, and its calls. */
export function describePause(messages: readonly ModelMessage[]): { found: string; toolCalls: number } {
  const answers = messages.filter((message) => message.role === 'assistant');
  const last = answers.map(wordsOf).findLast((text) => text !== '') ?? '';
  const isLong = last.length > PAUSE_FOUND_MAX_CHARS;
  return {
    // The end says where it is now.
    found: isLong ? `…${tailOf(last, PAUSE_FOUND_MAX_CHARS)}` : last,
    toolCalls: answers.reduce((sum, answer) => sum + callsOf(answer).length, 0),
  };
}

/** For an inbox or a message. */
const wordsOf = (answer: ModelMessage): string => withoutReferences(textOf(answer)).trim();

/** From the beginning of a word. */
const tailOf = (text: string, chars: number): string => text.slice(-chars).replace(/^\S*\s+/, ' ');
