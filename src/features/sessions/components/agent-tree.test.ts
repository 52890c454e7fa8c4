import { expect, test } from 'vitest';
import { executionViewOf, stageViewOf } from '#test/session-views.ts';
import { agentTree, flattenAgents, isParallel } from './agent-tree.ts';

const marks = (executions: Parameters<typeof executionViewOf>[0][]) =>
  flattenAgents(agentTree(stageViewOf({ executions: executions.map(executionViewOf) }))).map(
    ({ mark }) => `${mark.letter} ${mark.name}`,
  );

test('agents have letters in configured order, replicas numbers, sub-agents the letter of who dispatched them', () => {
  expect(
    marks([
      { id: 'b', agent: 'network', index: 1 },
      { id: 'a', agent: 'lead', index: 0 },
      { id: 's2', agent: 'logs', index: 1, parentExecutionId: 'a' },
      { id: 's1', agent: 'logs', index: 0, parentExecutionId: 'a' },
      { id: 'd', agent: 'logs', index: 0, parentExecutionId: 's2' },
    ]),
  ).toEqual(['A lead', 'A1 logs 1', 'A2 logs 2', 'A2.1 logs', 'B network']);
});

test('no two of many agents have the same letter', () => {
  const letters = marks(
    Array.from({ length: 60 }, (_, index) => ({ id: `e${index}`, agent: `a${index}`, index })),
  ).map((mark) => mark.split(' ')[0]);
  expect(new Set(letters).size).toBe(60);
  expect(letters.slice(24, 29)).toEqual(['Y', 'Z', 'AA', 'AB', 'AC']);
});

test('sub-agents do not make a stage parallel', () => {
  const lead = executionViewOf({ id: 'a' });
  const sub = executionViewOf({ id: 's', parentExecutionId: 'a' });
  expect(isParallel(stageViewOf({ executions: [lead, sub] }))).toBe(false);
  expect(isParallel(stageViewOf({ executions: [lead, executionViewOf({ id: 'b', index: 1 })] }))).toBe(true);
});
