import { expect, test } from 'vitest';
import { readMessage, readResponse } from './read-message.ts';

test('plain content is text', () => {
  expect(readMessage({ role: 'system', content: 'Be exact.' })).toEqual({
    role: 'system',
    parts: [{ kind: 'text', tool: null, text: 'Be exact.' }],
  });
});

test('thoughts, calls and results are told apart', () => {
  const { parts } = readMessage({
    role: 'assistant',
    content: [
      { type: 'reasoning', text: 'Look first.' },
      { type: 'text', text: 'I look.' },
      { type: 'tool-call', toolCallId: 'c1', toolName: 'cluster__pods_list', input: { namespace: 'shop' } },
    ],
  });
  expect(parts).toEqual([
    { kind: 'thinking', tool: null, text: 'Look first.' },
    { kind: 'text', tool: null, text: 'I look.' },
    { kind: 'call', tool: 'cluster__pods_list', text: '{\n  "namespace": "shop"\n}' },
  ]);
});

test('every shape of a tool result is read', () => {
  const result = (output: unknown) =>
    readMessage({ role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 't', output }] })
      .parts[0]?.text;
  expect(result({ type: 'text', value: 'two pods' })).toBe('two pods');
  expect(result({ type: 'json', value: { pods: 2 } })).toBe('{\n  "pods": 2\n}');
  expect(
    result({
      type: 'content',
      value: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    }),
  ).toBe('a\nb');
});

test('what is not known is shown, not dropped', () => {
  expect(readMessage(7).parts).toEqual([{ kind: 'other', tool: null, text: '7' }]);
  expect(
    readMessage({ role: 'user', content: [{ type: 'file', mediaType: 'a/b' }] }).parts[0]?.text,
  ).toContain('a/b');
});

test('an answer is a message', () => {
  expect(
    readResponse({
      text: 'Done.',
      thinking: '',
      finishReason: 'stop',
      toolCalls: [{ id: 'c', name: 't', arguments: {} }],
    }),
  ).toEqual({
    message: {
      role: 'assistant',
      parts: [
        { kind: 'text', tool: null, text: 'Done.' },
        { kind: 'call', tool: 't', text: '{}' },
      ],
    },
    finishReason: 'stop',
  });
  expect(readResponse(null)).toBeNull();
});

test("what a provider's own tools did is part of the answer", () => {
  const read = readResponse({
    text: 'Done.',
    native: [{ kind: 'search', queries: ['why'], sources: [], error: null }, 'nonsense'],
  });
  expect(read?.message.parts.slice(1)).toEqual([
    { kind: 'result', tool: "the provider's own search", text: expect.stringContaining('"why"') },
  ]);
});
