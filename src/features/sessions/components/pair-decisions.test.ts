import { expect, test } from 'vitest';
import { itemViewOf } from '#test/session-views.ts';
import type { TimelineItem } from '../schema.ts';
import { pairDecisions, shownId } from './pair-decisions.ts';

const entry = (id: string, type: TimelineItem['type'], callId?: string, more: Partial<TimelineItem> = {}) =>
  itemViewOf({ id, type, executionId: 'e1', data: callId ? { callId } : {}, ...more });
const pairsOf = (items: TimelineItem[]) =>
  [...pairDecisions(items).placeOf].map(([call, request]) => `${request} → ${call}`);

test('a decided request and its call belong together, whatever stands between', () => {
  const items = [
    entry('ask1', 'approval', 'w1'),
    entry('ask2', 'question', 'q1'),
    entry('read', 'tool_call', 'r1'),
    entry('call1', 'tool_call', 'w1'),
    entry('call2', 'tool_call', 'q1'),
  ];
  expect(pairsOf(items)).toEqual(['ask1 → call1', 'ask2 → call2']);
  expect(pairDecisions(items).decided.get('ask2')?.call).toMatchObject({ id: 'ask2', type: 'tool_call' });
  expect(shownId(items, 'call2')).toBe('ask2');
  expect(shownId(items, 'read')).toBe('read');
});

test('what still waits, a pause, and a call of another agent stay alone', () => {
  expect(
    pairsOf([
      entry('waits', 'approval', 'w1', { status: 'waiting' }),
      entry('pause', 'approval'),
      entry('ask', 'approval', 'w2'),
      entry('elsewhere', 'tool_call', 'w2', { executionId: 'e2' }),
      entry('none', 'tool_call'),
    ]),
  ).toEqual([]);
});

test('an id that comes again belongs to the newer request', () => {
  expect(
    pairsOf([
      entry('ask1', 'approval', 'w'),
      entry('call1', 'tool_call', 'w'),
      entry('plain', 'tool_call', 'w'),
      entry('ask2', 'approval', 'w'),
      entry('call2', 'tool_call', 'w'),
    ]),
  ).toEqual(['ask1 → call1', 'ask2 → call2']);
});
