import { expect, test } from 'vitest';
import { mcpSelectionSchema } from '../schema.ts';
import {
  chosenOf,
  defaultChoice,
  describeChoice,
  isSameChoice,
  isToolChosen,
  toggleServer,
  toggleTool,
  toServers,
} from './mcp-choice.ts';

const tool = (name: string) => ({ name, description: '', readOnly: true });
const cluster = {
  name: 'cluster',
  status: 'ok',
  needsMySignIn: false,
  used: true,
  only: null,
  tools: ['list', 'log', 'delete'].map(tool),
};
const narrowed = { ...cluster, name: 'box', only: ['echo'], tools: ['echo', 'run'].map(tool) };
const spare = { ...cluster, name: 'spare', status: 'unknown', used: false, tools: [] };
const servers = [cluster, narrowed, spare];
const start = defaultChoice(servers);

test('it starts with what the chain uses', () => {
  expect(toServers(start)).toEqual([{ name: 'cluster' }, { name: 'box', tools: ['echo'] }]);
  expect(describeChoice(start)).toBe('cluster (all tools), box (1 tool)');
  expect(isToolChosen(chosenOf(start, 'cluster'), 'delete')).toBe(true);
  expect(isToolChosen(chosenOf(start, 'box'), 'run')).toBe(false);
  expect(isToolChosen(chosenOf(start, 'spare'), 'any')).toBe(false);
});

test('a tool taken away narrows the server, and the last one takes it away', () => {
  const without = toggleTool(start, cluster, 'delete', false);
  expect(chosenOf(without, 'cluster')?.tools).toEqual(['list', 'log']);
  expect(isSameChoice(without, start)).toBe(false);
  expect(isSameChoice(toggleTool(without, cluster, 'delete', true), start)).toBe(true);
  expect(chosenOf(toggleTool(start, narrowed, 'echo', false), 'box')).toBeUndefined();
  expect(chosenOf(toggleTool([], narrowed, 'run', true), 'box')?.tools).toEqual(['run']);
});

test('a server taken away and back is as the chain has it; one that nobody has listed comes whole', () => {
  const back = toggleServer(toggleServer(start, narrowed, false), narrowed, true);
  expect(isSameChoice(back, start)).toBe(true);
  expect(chosenOf(toggleServer(start, spare, true), 'spare')).toEqual({ name: 'spare', tools: null });
});

test('what is chosen is what an alert may say', () => {
  const chosen = toggleTool(toggleServer(start, spare, true), cluster, 'log', false);
  expect(mcpSelectionSchema.parse({ servers: toServers(chosen) }).servers).toHaveLength(3);
  expect(isSameChoice([...chosen].reverse(), chosen)).toBe(true);
  expect(describeChoice([])).toBe('no server');
});
