import type { ModelMessage } from 'ai';
import { expect, test } from 'vitest';
import { callKey, textOf, toolResultsMessage, unansweredCalls, withUniqueCallIds } from './conversation.ts';

const answer = (...ids: string[]): ModelMessage => ({
  role: 'assistant',
  content: [
    { type: 'text', text: 'I look.' },
    ...ids.map((toolCallId) => ({
      type: 'tool-call' as const,
      toolCallId,
      toolName: 'box__echo',
      input: { n: 1 },
    })),
  ],
});
const idsOf = (message: ModelMessage | undefined) =>
  unansweredCalls(message ? [message] : []).map((call) => call.callId);

test('ids are made unique, also within one answer, and safe for every provider', () => {
  const taken = new Set(['a', 'b', 'b-2']);
  const { messages, callIds } = withUniqueCallIds([answer('a', 'a', 'b', 'c', 'x:y z', '')], taken, '');
  expect(callIds).toEqual(['a-2', 'a-3', 'b-3', 'c', 'x_y_z', 'call']);
  expect(idsOf(messages[0])).toEqual(callIds);
  expect(taken).toContain('c');
});

test('long ids are cut and stay apart; siblings have a suffix', () => {
  const { callIds } = withUniqueCallIds([answer('x'.repeat(200), 'x'.repeat(201))], new Set(), '-a2');
  expect(callIds).toEqual([`${'x'.repeat(48)}-a2`, `${'x'.repeat(48)}-a2-2`]);
});

test('only the last answer can have calls without results', () => {
  expect(unansweredCalls([answer('a')])).toEqual([
    { callId: 'a', wireName: 'box__echo', arguments: { n: 1 } },
  ]);
  expect(unansweredCalls([answer('a'), { role: 'user', content: 'x' }])).toEqual([]);
  expect(unansweredCalls([])).toEqual([]);
  expect(unansweredCalls([{ role: 'assistant', content: 'text' }])).toEqual([]);
});

test('results name their call in the last line and tell failures apart', () => {
  const { content } = toolResultsMessage([
    { callId: 'a', wireName: 'box__echo', text: 'one\n', failed: false },
    { callId: 'b', wireName: 'box__echo', text: 'two', failed: true },
  ]);
  expect(content).toMatchObject([
    { toolCallId: 'a', output: { type: 'text', value: 'one\n\n\n[tool: a]' } },
    { toolCallId: 'b', output: { type: 'error-text', value: 'two\n\n[tool: b]' } },
  ]);
});

test('the text of a message leaves thinking and calls out', () => {
  expect(textOf(answer('a'))).toBe('I look.');
  expect(textOf({ role: 'assistant', content: [{ type: 'reasoning', text: 'Hm.' }] })).toBe('');
});

test('calls are the same whatever the order of their keys, at any depth', () => {
  const key = (tool: string, args: Record<string, unknown>, server = 's') =>
    callKey({ server, tool, arguments: args });
  expect(key('t', { a: 1, b: { c: [1, 2], d: 2 } })).toBe(key('t', { b: { d: 2, c: [1, 2] }, a: 1 }));
  expect(key('t', { a: [1, 2] })).not.toBe(key('t', { a: [2, 1] }));
  expect(key('t', {})).not.toBe(key('u', {}));
  expect(key('t', {})).not.toBe(key('t', {}, 'other'));
});
