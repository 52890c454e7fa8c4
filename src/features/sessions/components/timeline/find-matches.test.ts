import { expect, test } from 'vitest';
import type { TimelineItem } from '../../schema.ts';
import { findMatches, stepMatch } from './find-matches.ts';

const item = (id: string, content: string, data: Record<string, unknown> = {}): TimelineItem => ({
  id,
  seq: 1,
  type: 'tool_call',
  status: 'completed',
  stageId: null,
  executionId: null,
  parentExecutionId: null,
  content,
  data,
  startedAt: '2026-01-01T00:00:00.000Z',
  completedAt: null,
});

const items = [
  item('text', 'The Pod restarts'),
  item('call', '', {
    server: 'cluster',
    tool: 'pods_log',
    arguments: { name: 'checkout-7d' },
    result: 'FATAL: no dsn',
  }),
  item('refused', '', { tool: 'pods_delete', refused: 'not read-only' }),
];

test.each([
  ['pod', ['text', 'call', 'refused']],
  ['CHECKOUT-7D', ['call']],
  ['fatal: no', ['call']],
  ['not read-only', ['refused']],
  ['nothing like it', []],
  ['  ', []],
])('%j is found in %j', (query, ids) => {
  expect(findMatches(items, query)).toEqual(ids);
});

test('steps go round in both directions', () => {
  const matches = ['a', 'b', 'c'];
  expect(stepMatch(matches, null, 1)).toBe('a');
  expect(stepMatch(matches, null, -1)).toBe('c');
  expect(stepMatch(matches, 'c', 1)).toBe('a');
  expect(stepMatch(matches, 'a', -1)).toBe('c');
  expect(stepMatch(matches, 'not a match', 1)).toBe('a');
  expect(stepMatch([], 'a', 1)).toBeNull();
});
