import { expect, test } from 'vitest';
import { sessionViewOf, stageViewOf } from '#test/session-views.ts';
import type { StageView } from '../../schema.ts';
import { describeProgress } from './describe-progress.ts';

const stage = (index: number, completedAt: string | null): StageView =>
  stageViewOf({
    id: `s${index}`,
    index,
    name: `part ${index}`,
    status: completedAt ? 'completed' : 'running',
    completedAt,
  });
const done = '2026-01-01T00:01:00.000Z';

test.each([
  [{ status: 'pending' as const, queuePosition: 3, stages: [], plannedStages: 2 }, 'number 3 in the queue'],
  [{ status: 'pending' as const, queuePosition: null, stages: [], plannedStages: 2 }, 'in the queue'],
  [
    { status: 'running' as const, queuePosition: null, stages: [stage(0, null)], plannedStages: 2 },
    'stage 1 of 2 · part 0',
  ],
  [
    {
      status: 'completed' as const,
      queuePosition: null,
      stages: [stage(0, done), stage(1, done)],
      plannedStages: 2,
    },
    '2 stages',
  ],
  [
    { status: 'failed' as const, queuePosition: null, stages: [stage(0, done)], plannedStages: 3 },
    '1 of 3 stages',
  ],
])('%#', (session, text) => {
  expect(describeProgress({ ...session, pendingApprovals: [] })).toBe(text);
});

test('decisions that people have to make are counted', () => {
  const pending = {
    id: 'a',
    kind: 'tool' as const,
    executionId: 'e',
    itemId: 'i',
    tool: 'cluster.pods_delete',
    arguments: {},
    why: '',
    requestedAt: done,
    expiresAt: done,
  };
  const session = sessionViewOf({ status: 'waiting', stages: [stage(0, null)], pendingApprovals: [pending] });
  expect(describeProgress(session)).toBe('stage 1 of 1 · part 0 · 1 decision to make');
});
