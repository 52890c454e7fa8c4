import { expect, test } from 'vitest';
import { itemViewOf } from '#test/session-views.ts';
import { describeActivity } from './describe-activity.ts';

test('a tool call is its name and what it looks at', () => {
  const data = {
    callId: 'c',
    server: 'cluster',
    tool: 'pods_log',
    arguments: { namespace: 'shop', name: 'checkout' },
    readOnly: true,
    iteration: 0,
  };
  expect(describeActivity(itemViewOf({ type: 'tool_call', data }))).toBe('pods_log · checkout · shop');
});

test('text is what it is and its beginning, without marks', () => {
  const content = '**Cause.** The `dsn` is missing.';
  expect(describeActivity(itemViewOf({ type: 'response', content }))).toBe(
    'Response: Cause. The dsn is missing.',
  );
  expect(describeActivity(itemViewOf({ type: 'thinking', status: 'streaming', content: '' }))).toBe(
    'Thinking',
  );
  expect(describeActivity(itemViewOf({ type: 'response', content: 'x'.repeat(500) })).length).toBeLessThan(
    200,
  );
});
