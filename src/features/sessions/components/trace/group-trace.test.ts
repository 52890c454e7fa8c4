import { expect, test } from 'vitest';
import { executionViewOf, stageViewOf } from '#test/session-views.ts';
import type { TraceItem } from '../../schema.ts';
import { callsInOrder, groupTrace } from './group-trace.ts';

const call = (id: string, executionId: string): TraceItem => ({
  id,
  kind: 'tool',
  executionId,
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
  server: 'cluster',
  tool: 'pods_log',
  status: 'completed',
  request: { arguments: {} },
  response: null,
  outputUrl: null,
  images: [],
  itemId: id,
  error: null,
  removed: null,
});

const stages = [
  stageViewOf({
    id: 'st1',
    name: 'look',
    executions: [
      executionViewOf({ id: 'a', agent: 'lead' }),
      executionViewOf({ id: 'b', agent: 'network', index: 1 }),
      executionViewOf({ id: 's', agent: 'logs', parentExecutionId: 'a' }),
    ],
  }),
  stageViewOf({ id: 'st2', name: 'idle', index: 1, executions: [executionViewOf({ id: 'c' })] }),
];
const items = [call('1', 'a'), call('2', 'b'), call('3', 's'), call('4', 'gone'), call('5', 'a')];

test('calls stand with their stage and agent, sub-agents after who dispatched them; none is lost', () => {
  const groups = groupTrace(items, stages);
  expect(
    groups.map(({ stage, agents, calls }) => ({
      stage: stage?.name ?? null,
      agents: agents.map(
        ({ agent, calls: own }) => `${agent.mark.letter}: ${own.map(({ id }) => id).join()}`,
      ),
      rest: calls.map(({ id }) => id),
    })),
  ).toEqual([
    { stage: 'look', agents: ['A: 1,5', 'A1: 3', 'B: 2'], rest: [] },
    { stage: null, agents: [], rest: ['4'] },
  ]);
  expect(callsInOrder(groups).map(({ id }) => id)).toEqual(['1', '5', '3', '2', '4']);
});

test('a session without calls has no groups', () => {
  expect(groupTrace([], stages)).toEqual([]);
});
