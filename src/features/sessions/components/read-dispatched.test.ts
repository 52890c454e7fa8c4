import { expect, test } from 'vitest';
import { readDispatched } from './read-dispatched.ts';

const id = '01a21a06-0267-7626-a269-5139927f6bfe';
const result = `Started logs, execution_id ${id}. Its result comes to you as a message when it ends.`;
const call = { server: 'tars', tool: 'dispatch_agent', result };

test('a dispatch names the sub-agent it has started', () => {
  expect(readDispatched(call)).toBe(id);
});

test('a refused dispatch, one that is under way, and what another tool says name nobody', () => {
  expect(readDispatched({ ...call, result: 'There is no agent "logs".' })).toBeNull();
  expect(readDispatched({ server: 'tars', tool: 'dispatch_agent' })).toBeNull();
  expect(readDispatched({ ...call, server: 'cluster' })).toBeNull();
});
