import { expect, test } from 'vitest';
import { executionViewOf, stageViewOf } from '#test/session-views.ts';
import { describeActions, describeStage } from './describe-stage.ts';

const two = [executionViewOf({ id: 'a' }), executionViewOf({ id: 'b', index: 1 })];

test('a plain stage needs no words', () => {
  expect(describeStage(stageViewOf({ executions: two.slice(0, 1) }), [])).toBe('');
});

test('parallel agents, replicas and their policies', () => {
  expect(describeStage(stageViewOf({ parallel: 'agents', successPolicy: 'all', executions: two }), [])).toBe(
    '2 agents in parallel · all must succeed',
  );
  expect(
    describeStage(stageViewOf({ parallel: 'replicas', successPolicy: 'any', executions: two }), []),
  ).toBe('2 replicas in parallel · one answer is enough');
});

test('a synthesis names the stage it combines', () => {
  const source = stageViewOf({ id: 's1', name: 'look' });
  expect(describeStage(stageViewOf({ id: 's2', type: 'synthesis', synthesisOfId: 's1' }), [source])).toBe(
    'combines the answers of look',
  );
});

test('sub-agents are counted apart', () => {
  const executions = [...two.slice(0, 1), executionViewOf({ id: 's', parentExecutionId: 'a' })];
  expect(describeStage(stageViewOf({ executions }), [])).toBe('1 sub-agent');
});

test('only an action stage reports whether it changed something', () => {
  expect(describeActions(stageViewOf({ type: 'action', actionsExecuted: true }))).toMatch(
    /changed something/,
  );
  expect(describeActions(stageViewOf({ type: 'action', actionsExecuted: false }))).toMatch(/changed nothing/);
  expect(describeActions(stageViewOf({ type: 'action' }))).toBeNull();
  expect(describeActions(stageViewOf({ actionsExecuted: true }))).toBeNull();
});
