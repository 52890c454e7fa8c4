import { expect, test } from 'vitest';
import { sessionViewOf } from '#test/session-views.ts';
import type { SessionListItem } from '../../schema.ts';
import { describeMarks, describeStages } from './describe-marks.ts';

const { finalAnalysis: _f, alert: _a, stages: _s, pendingApprovals: _p, ...fields } = sessionViewOf({});
const plain: SessionListItem = {
  ...fields,
  completedAt: '2026-01-01T00:01:00.000Z',
  alertCount: 1,
  alertStatus: 'firing',
  progress: null,
  pendingApprovals: 0,
  stages: { done: 2, total: 2 },
  parallel: false,
  subAgents: 0,
  actionStage: false,
  changed: false,
  chatTurns: 0,
  providerFallbacks: 0,
  scoring: 'scored',
  foundInTimeline: false,
};
const namesOf = (changes: Partial<SessionListItem>) =>
  describeMarks({ ...plain, ...changes }).map(({ name }) => name);

test('an ordinary run has no marks', () => expect(namesOf({})).toEqual([]));

test('each fact has its mark, the gravest first', () => {
  expect(
    namesOf({
      parallel: true,
      subAgents: 2,
      changed: true,
      actionStage: true,
      chatTurns: 1,
      providerFallbacks: 3,
      scoring: 'failed',
      foundInTimeline: true,
    }),
  ).toEqual(['timeline', 'changed', 'fallback', 'parallel', 'subAgents', 'chat', 'scoringFailed']);
  expect(namesOf({ actionStage: true })).toEqual(['action']);
  expect(describeMarks({ ...plain, chatTurns: 1 })).toEqual([
    { name: 'chat', words: '1 question in the chat', count: 1 },
  ]);
});

test('stages are told of where a run ended before all of them', () => {
  expect(describeStages(plain)).toBeNull();
  expect(describeStages({ ...plain, stages: { done: 1, total: 3 } })).toBe('1 of 3 stages');
  expect(describeStages({ ...plain, stages: { done: 1, total: 3 }, completedAt: null })).toBeNull();
});
