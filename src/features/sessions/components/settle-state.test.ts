import { expect, test } from 'vitest';
import { sessionViewOf, stageViewOf } from '#test/session-views.ts';
import type { SessionView, TimelineItem } from '../schema.ts';
import type { SessionState } from '../session-state.ts';
import { settleState } from './settle-state.ts';

const at = '2026-01-01T00:00:00.000Z';
const end = '2026-01-01T00:01:00.000Z';

const item: TimelineItem = {
  id: 'i',
  seq: 1,
  type: 'response',
  status: 'streaming',
  stageId: 's',
  executionId: 'e',
  parentExecutionId: null,
  content: 'so far',
  data: {},
  startedAt: at,
  completedAt: null,
};

const stateOf = (status: SessionView['status']): SessionState => ({
  cursor: 1,
  items: [item, { ...item, id: 'done', status: 'completed', completedAt: at }],
  position: new Map([
    ['i', 0],
    ['done', 1],
  ]),
  session: sessionViewOf({
    status,
    completedAt: status === 'running' ? null : end,
    stages: [stageViewOf({ id: 's' })],
    counts: { llmCalls: 0, toolCalls: 0, events: 1 },
  }),
});

test('what runs stays as it is', () => {
  const state = stateOf('running');
  expect(settleState(state)).toBe(state);
});

test('nothing runs on in a session that has ended', () => {
  const { items, session } = settleState(stateOf('failed'));
  expect(items.map(({ status, completedAt }) => [status, completedAt])).toEqual([
    ['cancelled', end],
    ['completed', at],
  ]);
  expect(session.stages.map(({ status, completedAt }) => [status, completedAt])).toEqual([
    ['cancelled', end],
  ]);
});
