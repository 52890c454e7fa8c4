import type { ModelMessage } from 'ai';
import type { BudgetKind, BudgetStop } from './agent-step.ts';
import { textOf, unansweredCalls } from './conversation.ts';
import type { IterationLimit } from './iteration-limit.ts';
import { MAX_EMPTY_ANSWERS } from './tunables.ts';

export type LoopState = {
  messages: readonly ModelMessage[];
  /** Model answers so far. */
  iterations: number;
  limit: IterationLimit;
  /** The session's limit that is used up. */
  exceededBudget: BudgetStop | null;
  /** Sub-agents that have not ended, and those whose result the conversation does not hold yet. */
  subAgents: { open: number; finished: number };
};

export type NextAction =
  | { action: 'run_tools' }
  | { action: 'call' }
  /** Put what sub-agents found into the conversation. */
  | { action: 'report_sub_agents' }
  /** Nothing is left to do until a sub-agent ends. */
  | { action: 'await_sub_agent' }
  /** Ask for the answer without tools; `reason` is told to the model and shown. */
  | { action: 'conclude'; reason: string; budget: BudgetKind | null }
  /** The question for the conclusion has been put; call without tools. */
  | { action: 'call_without_tools' }
  /** Ask people whether to go on beyond the limit. */
  | { action: 'ask_to_go_on' }
  /** They have been asked, and have not decided. */
  | { action: 'await_decision' }
  | { action: 'nudge' }
  | { action: 'finish'; answer: string; forced: boolean }
  | { action: 'fail'; reason: string };

export const FORCED_CONCLUSION_MARK = 'TARS-TASK: forced_conclusion';

/**
 * What an execution does next, from its conversation alone, so that a resumed run decides as the interrupted one would
 * have. Ends after at most as many answers as the limit allows, the nudges and one conclusion.
 */
export function nextAction(state: LoopState): NextAction {
  const { messages } = state;
  const last = messages.at(-1);
  const concluding = messages.some(isForcedConclusion);
  if (last?.role !== 'assistant') {
    if (concluding) return { action: 'call_without_tools' };
    if (state.subAgents.finished > 0) return { action: 'report_sub_agents' };
    const end = whatEnds(state);
    if (!end || end.action === 'await_decision') return end ?? { action: 'call' };
    // What sub-agents find belongs to the conclusion, and to the question; they are bound by the same limits.
    return state.subAgents.open > 0 ? { action: 'await_sub_agent' } : end;
  }
  if (unansweredCalls(messages).length > 0 && !concluding) return { action: 'run_tools' };
  const answer = textOf(last).trim();
  if (!concluding && state.subAgents.finished > 0) return { action: 'report_sub_agents' };
  if (!concluding && state.subAgents.open > 0) return { action: 'await_sub_agent' };
  if (answer !== '') return { action: 'finish', answer, forced: concluding };
  if (concluding)
    return { action: 'fail', reason: 'The model gave no answer, not even when asked for its conclusion.' };
  const empty = messages.filter(isEmptyAnswer).length;
  if (empty > MAX_EMPTY_ANSWERS)
    return { action: 'conclude', reason: `The last ${empty} answers were empty.`, budget: null };
  return { action: 'nudge' };
}

/**
 * What comes instead of the next call when a limit is reached. What waits for people goes on waiting whatever else is used
 * up, since it uses nothing; a budget that is used up is stronger than what they then allow.
 */
function whatEnds(
  state: LoopState,
): Extract<NextAction, { action: 'conclude' | 'ask_to_go_on' | 'await_decision' }> | null {
  const { exceededBudget, iterations, limit } = state;
  const isUsedUp = iterations >= limit.allowed;
  if (isUsedUp && limit.atLimit.action === 'wait') return { action: 'await_decision' };
  if (exceededBudget)
    return { action: 'conclude', reason: exceededBudget.reason, budget: exceededBudget.kind };
  if (!isUsedUp) return null;
  return limit.atLimit.action === 'conclude'
    ? { action: 'conclude', reason: limit.atLimit.reason, budget: null }
    : { action: 'ask_to_go_on' };
}

const isForcedConclusion = (message: ModelMessage): boolean =>
  message.role === 'user' && textOf(message).startsWith(FORCED_CONCLUSION_MARK);

export const isEmptyAnswer = (message: ModelMessage): boolean =>
  message.role === 'assistant' && textOf(message).trim() === '' && unansweredCalls([message]).length === 0;
