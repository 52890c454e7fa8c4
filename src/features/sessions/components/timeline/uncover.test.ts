import { expect, test } from 'vitest';
import { executionViewOf, itemViewOf, stageViewOf } from '#test/session-views.ts';
import { coverOf, onlyWith } from './uncover.ts';

const stages = [
  stageViewOf({
    id: 'st1',
    executions: [
      executionViewOf({ id: 'a', stageId: 'st1' }),
      executionViewOf({ id: 'b', stageId: 'st1', index: 1 }),
      executionViewOf({ id: 's', stageId: 'st1', parentExecutionId: 'a' }),
      executionViewOf({ id: 'd', stageId: 'st1', parentExecutionId: 's' }),
    ],
  }),
  stageViewOf({ id: 'st2', index: 1, executions: [executionViewOf({ id: 'c', stageId: 'st2' })] }),
];
const items = [
  itemViewOf({ id: 'top', stageId: 'st1', executionId: 'b' }),
  itemViewOf({ id: 'deep', stageId: 'st1', executionId: 'd' }),
  itemViewOf({ id: 'note', stageId: 'st1', executionId: null }),
];
const cover = (key: string) => coverOf(key, { stages, items });

test('an entry of a sub-agent is covered by the groups around it, the head of a group by those around that', () => {
  expect(cover('deep')).toEqual({ groups: ['s', 'd'], agentId: 'a', stageId: 'st1' });
  expect(cover('execution:d')).toEqual({ groups: ['s'], agentId: 'a', stageId: 'st1' });
  expect(cover('execution:a')).toEqual({ groups: [], agentId: 'a', stageId: 'st1' });
});

test('what belongs to no agent is covered by nothing', () => {
  const nothing = { groups: [], agentId: null, stageId: null };
  expect(cover('note')).toEqual(nothing);
  expect(cover('stage:st1')).toEqual(nothing);
  expect(cover('unknown')).toEqual(nothing);
});

test('the choice of an agent follows an entry of another one in the same stage, and in that stage only', () => {
  const reading = new Set(['b', 'c']);
  expect([...onlyWith(reading, cover('deep'), stages)]).toEqual(['c', 'a']);
  expect(onlyWith(reading, cover('top'), stages)).toBe(reading);
  const all = new Set<string>();
  expect(onlyWith(all, cover('deep'), stages)).toBe(all);
  const elsewhere = new Set(['c']);
  expect(onlyWith(elsewhere, cover('deep'), stages)).toBe(elsewhere);
});
