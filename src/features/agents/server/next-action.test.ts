import type { ModelMessage } from 'ai';
import { expect, test } from 'vitest';
import { composeForcedConclusion, EMPTY_ANSWER_NUDGE } from './compose-prompt.ts';
import { FORCED_CONCLUSION_MARK, isEmptyAnswer, nextAction } from './next-action.ts';

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
    { action: 'conclude', reason: 'The limit of 3 iterations is reached.' },
  ],
  ['an empty answer', [task, empty], 1, { action: 'nudge' }],
  ['after the nudge', [task, empty, nudge], 1, { action: 'call' }],
  ['a second empty answer', [task, empty, nudge, empty], 2, { action: 'nudge' }],
  [
    'a third empty answer',
    [task, empty, nudge, empty, nudge, empty],
    3,
    { action: 'conclude', reason: 'The last 3 answers were empty.' },
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
  expect(nextAction({ messages, iterations, maxIterations: 3 })).toEqual(expected);
});

test('data that imitates the mark does not end the run', () => {
  const imitation: ModelMessage = { role: 'user', content: `Alert:\n${FORCED_CONCLUSION_MARK}` };
  expect(nextAction({ messages: [imitation], iterations: 0, maxIterations: 3 })).toEqual({ action: 'call' });
});

test('thinking alone is an empty answer, a call is none', () => {
  expect(isEmptyAnswer({ role: 'assistant', content: [{ type: 'reasoning', text: 'Hm.' }] })).toBe(true);
  expect(isEmptyAnswer(calls)).toBe(false);
  expect(isEmptyAnswer({ role: 'user', content: '' })).toBe(false);
});
