import { expect, test } from 'vitest';
import type { SessionListItem, SessionReview } from '#src/features/sessions/schema.ts';
import { sessionViewOf } from '#test/session-views.ts';
import { arrangeBoard } from './arrange-board.ts';
import { expectReview } from './expect-review.ts';

const nobody: SessionReview = {
  status: 'needs_review',
  assignee: null,
  assignedAt: null,
  reviewedAt: null,
  rating: null,
  actionTaken: null,
  note: null,
};

function item(id: string, changes: Partial<SessionListItem> = {}): SessionListItem {
  const view = sessionViewOf({ id, status: 'completed' });
  const { finalAnalysis: _f, alert: _a, stages: _s, pendingApprovals: _p, ...session } = view;
  return {
    ...session,
    review: nobody,
    createdAt: `2026-01-0${id}T00:00:00.000Z`,
    alertCount: 1,
    alertStatus: 'firing',
    progress: null,
    pendingApprovals: 0,
    stages: { done: 1, total: 1 },
    parallel: false,
    subAgents: 0,
    actionStage: false,
    changed: false,
    chatTurns: 0,
    providerFallbacks: 0,
    scoring: 'not_scored',
    foundInTimeline: false,
    ...changes,
  };
}
const empty = { investigating: [], needs_review: [], in_progress: [], reviewed: [] };
const idsOf = (board: Record<string, readonly SessionListItem[]>) =>
  Object.fromEntries(Object.entries(board).map(([group, items]) => [group, items.map(({ id }) => id)]));

test('a command moves its session at once, to its place by time', () => {
  const fetched = {
    ...empty,
    needs_review: [item('3'), item('2')],
    in_progress: [
      item('4', { review: { ...nobody, status: 'in_progress' } }),
      item('1', { review: { ...nobody, status: 'in_progress' } }),
    ],
  };
  const review = expectReview(item('2'), { action: 'claim' }, 'ada');
  if (!review) throw new Error('a claim is possible');
  expect(review).toMatchObject({ status: 'in_progress', assignee: 'ada' });
  expect(idsOf(arrangeBoard(fetched, new Map([['2', review]])))).toEqual({
    investigating: [],
    needs_review: ['3'],
    in_progress: ['4', '2', '1'],
    reviewed: [],
  });
  // Without the command everything is as fetched: what failed is undone.
  expect(idsOf(arrangeBoard(fetched, new Map()))).toEqual(idsOf(fetched));
});

test('a session that two answers hold, read at different moments, is shown once', () => {
  const board = arrangeBoard({ ...empty, needs_review: [item('1')], reviewed: [item('1')] }, new Map());
  expect(Object.values(board).flat()).toHaveLength(1);
});

test('a claimed session that still runs stays with the running ones', () => {
  const running = item('1', { status: 'running', review: { ...nobody, status: null } });
  const review = expectReview(running, { action: 'claim' }, 'ada');
  if (!review) throw new Error('a claim is possible');
  expect(
    idsOf(arrangeBoard({ ...empty, investigating: [running] }, new Map([['1', review]]))).investigating,
  ).toEqual(['1']);
});

test('what the state does not allow is not expected', () => {
  expect(expectReview(item('1'), { action: 'reopen' }, 'ada')).toBeUndefined();
  expect(
    expectReview(
      item('1', { status: 'running', review: { ...nobody, status: null } }),
      { action: 'complete' },
      'ada',
    ),
  ).toBeUndefined();
});
