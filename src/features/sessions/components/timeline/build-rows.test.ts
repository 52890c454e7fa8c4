import { expect, test } from 'vitest';
import { executionViewOf, stageViewOf } from '#test/session-views.ts';
import type { ExecutionView, StageView, TimelineItem } from '../../schema.ts';
import { agentLabel, buildRows } from './build-rows.ts';

const at = '2026-01-01T00:00:00.000Z';

const execution = (id: string, agent: string, index: number): ExecutionView =>
  executionViewOf({ id, stageId: 'st1', index, agent });

const stage = (id: string, executions: ExecutionView[]): StageView =>
  stageViewOf({ id, name: id, executions });

const item = (id: string, stageId: string | null, executionId: string | null): TimelineItem => ({
  id,
  seq: 1,
  type: 'response',
  status: 'completed',
  stageId,
  executionId,
  parentExecutionId: null,
  content: '',
  data: {},
  startedAt: at,
  completedAt: at,
});

const outline = (rows: ReturnType<typeof buildRows>) =>
  rows.map((row) => (row.kind === 'stage' ? row.key : `${row.key}${row.agent ? ` by ${row.agent}` : ''}`));

test('a stage is announced once, before its first item', () => {
  const rows = buildRows({
    stages: [stage('st1', [execution('e1', 'kubernetes', 0)]), stage('st2', [execution('e2', 'summary', 0)])],
    items: [
      item('i0', null, null),
      item('i1', 'st1', 'e1'),
      item('i2', 'st1', 'e1'),
      item('i3', 'st2', 'e2'),
    ],
  });
  expect(outline(rows)).toEqual(['i0', 'stage:st1', 'i1', 'i2', 'stage:st2', 'i3']);
});

test('agents side by side are named where the speaker changes', () => {
  const rows = buildRows({
    stages: [stage('st1', [execution('e1', 'kubernetes', 0), execution('e2', 'network', 1)])],
    items: [
      item('i1', 'st1', 'e1'),
      item('i2', 'st1', 'e1'),
      item('i3', 'st1', 'e2'),
      item('i4', 'st1', 'e1'),
    ],
  });
  expect(outline(rows)).toEqual(['stage:st1', 'i1 by kubernetes', 'i2', 'i3 by network', 'i4 by kubernetes']);
});

test('replicas are numbered', () => {
  const replicas = [execution('e1', 'kubernetes', 0), execution('e2', 'kubernetes', 1)];
  expect(replicas.map((each) => agentLabel(each, stage('st1', replicas)))).toEqual([
    'kubernetes 1',
    'kubernetes 2',
  ]);
});

test('a stage without items shows all the same', () => {
  expect(outline(buildRows({ stages: [stage('st1', [])], items: [] }))).toEqual(['stage:st1']);
});

test('an open thought is overtaken once its agent goes on, not when another one does', () => {
  const thought = (id: string, by: string): TimelineItem => ({
    ...item(id, 'a', by),
    type: 'thinking',
    status: 'streaming',
    completedAt: null,
  });
  const later = '2026-01-01T00:00:05.000Z';
  const stages = [stage('a', [execution('e1', 'one', 0), execution('e2', 'two', 1)])];
  const overtakenAt = (items: TimelineItem[]) =>
    buildRows({ stages, items }).flatMap((row) => (row.kind === 'item' ? [row.overtakenAt] : []));
  expect(overtakenAt([thought('t', 'e1'), { ...item('r', 'a', 'e2'), startedAt: later }])).toEqual([
    null,
    null,
  ]);
  expect(overtakenAt([thought('t', 'e1'), { ...item('r', 'a', 'e1'), startedAt: later }])).toEqual([
    later,
    null,
  ]);
});
