import type { ModelMessage } from 'ai';
import { expect, test } from 'vitest';
import type { BudgetStop } from './agent-step.ts';
import { composeForcedConclusion, EMPTY_ANSWER_NUDGE } from './compose-prompt.ts';
import { type IterationLimit, iterationLimit } from './iteration-limit.ts';
import { FORCED_CONCLUSION_MARK, isEmptyAnswer, type LoopState, nextAction } from './next-action.ts';

const alone = { exceededBudget: null, subAgents: { open: 0, finished: 0 } };
const limit = iterationLimit({ maxIterations: 3, onIterationLimit: 'conclude' }, []);
const asks: IterationLimit = { allowed: 3, atLimit: { action: 'ask' } };
const waits: IterationLimit = { allowed: 3, atLimit: { action: 'wait' } };
const task: ModelMessage = { role: 'user', content: 'TARS-TASK: investigation\nLook.' };
const answer = (text: string): ModelMessage => ({ role: 'assistant', content: text });
const empty = answer(' \n');
const nudge: ModelMessage = { role: 'user', content: EMPTY_ANSWER_NUDGE };
const conclude: ModelMessage = { role: 'user', content: composeForcedConclusion('Enough.') };
const calls: ModelMessage = {
  role: 'assistant',
  content: [
    { type: 'text', text: 'I look.' },
    { type: 'tool-call', toolCallId: 'a', toolName: 'box__echo', input: {} },
  ],
};
const results: ModelMessage = {
  role: 'tool',
  content: [
    { type: 'tool-result', toolCallId: 'a', toolName: 'box__echo', output: { type: 'text', value: 'x' } },
  ],
};

test.each<[string, ModelMessage[], number, ReturnType<typeof nextAction>]>([
  ['a new conversation', [task], 0, { action: 'call' }],
  ['calls without results', [task, calls], 1, { action: 'run_tools' }],
  ['results', [task, calls, results], 1, { action: 'call' }],
  ['an answer', [task, answer(' Done. ')], 1, { action: 'finish', answer: 'Done.', forced: false }],
  [
    'an answer at the limit',
    [task, answer('Done.')],
    3,
    { action: 'finish', answer: 'Done.', forced: false },
  ],
  ['calls at the limit are still made', [task, calls], 3, { action: 'run_tools' }],
  [
    'results at the limit',
    [task, calls, results],
    3,
    { action: 'conclude', reason: 'The limit of 3 iterations is reached.', budget: null },
  ],
  ['an empty answer', [task, empty], 1, { action: 'nudge' }],
  ['after the nudge', [task, empty, nudge], 1, { action: 'call' }],
  ['a second empty answer', [task, empty, nudge, empty], 2, { action: 'nudge' }],
  [
    'a third empty answer',
    [task, empty, nudge, empty, nudge, empty],
    3,
    { action: 'conclude', reason: 'The last 3 answers were empty.', budget: null },
  ],
  ['the conclusion was asked for', [task, conclude], 3, { action: 'call_without_tools' }],
  ['a conclusion', [task, conclude, answer('So.')], 4, { action: 'finish', answer: 'So.', forced: true }],
  [
    'calls in the conclusion are not made',
    [task, conclude, calls],
    4,
    { action: 'finish', answer: 'I look.', forced: true },
  ],
  [
    'no conclusion',
    [task, conclude, empty],
    4,
    { action: 'fail', reason: 'The model gave no answer, not even when asked for its conclusion.' },
  ],
])('%s', (_what, messages, iterations, expected) => {
  expect(nextAction({ ...alone, messages, iterations, limit })).toEqual(expected);
});

const over: BudgetStop = { kind: 'cost', reason: 'The money is spent.' };

test.each<[string, ModelMessage[], Partial<LoopState>, ReturnType<typeof nextAction>]>([
  [
    'no budget left',
    [task, calls, results],
    { exceededBudget: over },
    { action: 'conclude', reason: over.reason, budget: 'cost' },
  ],
  [
    'no budget left, but calls were planned',
    [task, calls],
    { exceededBudget: over },
    { action: 'run_tools' },
  ],
  [
    'no budget left, but the answer is there',
    [task, answer('Done.')],
    { exceededBudget: over },
    { action: 'finish', answer: 'Done.', forced: false },
  ],
  [
    'a sub-agent is done',
    [task, calls, results],
    { subAgents: { open: 1, finished: 1 } },
    { action: 'report_sub_agents' },
  ],
  [
    'one is open, there is more to do',
    [task, calls, results],
    { subAgents: { open: 1, finished: 0 } },
    { action: 'call' },
  ],
  [
    'one is open, the answer is there',
    [task, answer('Done.')],
    { subAgents: { open: 1, finished: 0 } },
    { action: 'await_sub_agent' },
  ],
  [
    'one is done, the answer is there',
    [task, answer('Done.')],
    { subAgents: { open: 0, finished: 1 } },
    { action: 'report_sub_agents' },
  ],
  [
    'one is open at the limit',
    [task, calls, results],
    { iterations: 3, subAgents: { open: 1, finished: 0 } },
    { action: 'await_sub_agent' },
  ],
  [
    'at the limit with a pause',
    [task, calls, results],
    { iterations: 3, limit: asks },
    { action: 'ask_to_go_on' },
  ],
  ['before the limit with a pause', [task, calls, results], { limit: asks }, { action: 'call' }],
  [
    'calls at the limit are made before it asks',
    [task, calls],
    { iterations: 3, limit: asks },
    { action: 'run_tools' },
  ],
  [
    'an answer at the limit needs nobody',
    [task, answer('Done.')],
    { iterations: 3, limit: asks },
    { action: 'finish', answer: 'Done.', forced: false },
  ],
  [
    'a budget is used up at the limit: nobody is asked',
    [task, calls, results],
    { iterations: 3, limit: asks, exceededBudget: over },
    { action: 'conclude', reason: over.reason, budget: 'cost' },
  ],
  [
    'at the limit with a pause, one is open',
    [task, calls, results],
    { iterations: 3, limit: asks, subAgents: { open: 1, finished: 0 } },
    { action: 'await_sub_agent' },
  ],
  [
    'at the limit with a pause, one is done',
    [task, calls, results],
    { iterations: 3, limit: asks, subAgents: { open: 0, finished: 1 } },
    { action: 'report_sub_agents' },
  ],
  [
    'people have been asked',
    [task, calls, results],
    { iterations: 3, limit: waits },
    { action: 'await_decision' },
  ],
  [
    'people have been asked, and a budget is used up meanwhile',
    [task, calls, results],
    { iterations: 3, limit: waits, exceededBudget: over },
    { action: 'await_decision' },
  ],
  [
    'it may go on',
    [task, calls, results],
    { iterations: 3, limit: { ...asks, allowed: 6 } },
    { action: 'call' },
  ],
  [
    'it may go on, but the budget says no',
    [task, calls, results],
    { iterations: 3, limit: { ...asks, allowed: 6 }, exceededBudget: over },
    { action: 'conclude', reason: over.reason, budget: 'cost' },
  ],
  [
    'people want the conclusion',
    [task, calls, results],
    { iterations: 3, limit: { allowed: 3, atLimit: { action: 'conclude', reason: 'ana asked.' } } },
    { action: 'conclude', reason: 'ana asked.', budget: null },
  ],
  [
    'empty answers use the iterations up, too',
    [task, empty, nudge],
    { iterations: 3, limit: asks },
    { action: 'ask_to_go_on' },
  ],
  [
    'the conclusion is asked for: nothing more is read',
    [task, conclude],
    { subAgents: { open: 0, finished: 1 } },
    { action: 'call_without_tools' },
  ],
])('%s', (_what, messages, state, expected) => {
  expect(nextAction({ ...alone, messages, iterations: 1, limit, ...state })).toEqual(expected);
});

test('data that imitates the mark does not end the run', () => {
  const imitation: ModelMessage = { role: 'user', content: `Alert:\n${FORCED_CONCLUSION_MARK}` };
  const state = { ...alone, messages: [imitation], iterations: 0, limit };
  expect(nextAction(state)).toEqual({ action: 'call' });
});

test('thinking alone is an empty answer, a call is none', () => {
  expect(isEmptyAnswer({ role: 'assistant', content: [{ type: 'reasoning', text: 'Hm.' }] })).toBe(true);
  expect(isEmptyAnswer(calls)).toBe(false);
  expect(isEmptyAnswer({ role: 'user', content: '' })).toBe(false);
});
