import type { ModelMessage } from 'ai';
import { textOf, unansweredCalls } from './conversation.ts';
import { MAX_EMPTY_ANSWERS } from './tunables.ts';

export type LoopState = {
  messages: readonly ModelMessage[];
  /** Model answers so far. */
  iterations: number;
  maxIterations: number;
};

export type NextAction =
  | { action: 'run_tools' }
  | { action: 'call' }
  /** Ask for the answer without tools; `reason` is told to the model and shown. */
  | { action: 'conclude'; reason: string }
  /** The question for the conclusion has been put; call without tools. */
  | { action: 'call_without_tools' }
  | { action: 'nudge' }
  | { action: 'finish'; answer: string; forced: boolean }
  | { action: 'fail'; reason: string };

export const FORCED_CONCLUSION_MARK = 'TARS-TASK: forced_conclusion';

/**
 * What an execution does next, from its conversation alone, so that a resumed run decides as the interrupted one would
 * have. Ends after at most `maxIterations` answers, the nudges and one conclusion.
 */
export function nextAction(state: LoopState): NextAction {
  const { messages, iterations, maxIterations } = state;
  const last = messages.at(-1);
  const concluding = messages.some(isForcedConclusion);
  if (last?.role !== 'assistant') {
    if (concluding) return { action: 'call_without_tools' };
    if (iterations >= maxIterations)
      return { action: 'conclude', reason: `The limit of ${maxIterations} iterations is reached.` };
    return { action: 'call' };
  }
  if (unansweredCalls(messages).length > 0 && !concluding) return { action: 'run_tools' };
  const answer = textOf(last).trim();
  if (answer !== '') return { action: 'finish', answer, forced: concluding };
  if (concluding)
    return { action: 'fail', reason: 'The model gave no answer, not even when asked for its conclusion.' };
  const empty = messages.filter(isEmptyAnswer).length;
  if (empty > MAX_EMPTY_ANSWERS)
    return { action: 'conclude', reason: `The last ${empty} answers were empty.` };
  return { action: 'nudge' };
}

const isForcedConclusion = (message: ModelMessage): boolean =>
  message.role === 'user' && textOf(message).startsWith(FORCED_CONCLUSION_MARK);

export const isEmptyAnswer = (message: ModelMessage): boolean =>
  message.role === 'assistant' && textOf(message).trim() === '' && unansweredCalls([message]).length === 0;
