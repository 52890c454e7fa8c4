import type { ModelMessage } from 'ai';
import { expect, test } from 'vitest';
import { describePause } from './describe-pause.ts';
import { PAUSE_FOUND_MAX_CHARS } from './tunables.ts';

const says = (text: string, calls = 0): ModelMessage => ({
  role: 'assistant',
  content: [
    { type: 'text', text },
    ...Array.from({ length: calls }, (_, index) => ({
      type: 'tool-call' as const,
      toolCallId: `c${index}`,
      toolName: 'box__echo',
      input: {},
    })),
  ],
});
const task: ModelMessage = { role: 'user', content: 'Look.' };

test('what it said last, and how many calls it has made', () => {
  expect(describePause([task])).toEqual({ found: '', toolCalls: 0 });
  expect(describePause([task, says('The key is missing.', 2), says(' ', 1)])).toEqual({
    found: 'The key is missing.',
    toolCalls: 3,
  });
});

test('references to tool calls are left out: they lead nowhere where it is read', () => {
  expect(describePause([says('The key [tool: a] is missing [tools: b, c].')]).found).toBe(
    'The key is missing.',
  );
});

test('of long words the end, from the beginning of a word', () => {
  const { found } = describePause([says(`${'word '.repeat(PAUSE_FOUND_MAX_CHARS)}the end`)]);
  expect(found.length).toBeLessThanOrEqual(PAUSE_FOUND_MAX_CHARS + 1);
  expect(found).toMatch(/^… word .*the end$/);
});
