import { afterEach, describe, expect, test } from 'vitest';
import { decideApproval } from '#src/features/approvals/server/index.ts';
import { readPendingApprovals } from '#src/features/sessions/server/index.ts';
import { resultsIn, useAgentRuns } from '#test/agent-runs.ts';
import { urlFixture } from '#test/mcp-servers/fixture-config.ts';
import { FIXTURE_TOOLS } from '#test/mcp-servers/fixture-tools.ts';
import { statusOf, waitFor, waitForEnd } from '#test/runs.ts';

const runs = useAgentRuns();
afterEach(() => {
  runs.box.listTools(null);
  runs.box.answerWithStatus(null);
});

const tool = (name: string, readOnly: boolean) => ({
  name,
  description: 'A tool.',
  inputSchema: { type: 'object' as const },
  annotations: { readOnlyHint: readOnly },
});
const config = () => ({
  mcpServers: { box: { ...urlFixture('http', runs.box.url), approval: { default: 'always' } } },
});

function waitForRequest(sessionId: string) {
  return waitFor(async () => {
    const [pending] = await readPendingApprovals(runs.database.pool, sessionId);
    return pending && (await statusOf(runs.database, sessionId)) === 'waiting' ? pending : null;
  }, 'nothing waits');
}

const approve = (approvalId: string) =>
  decideApproval(runs.kernel, {
    projectId: runs.projectId,
    approvalId,
    actor: 'ana',
    scope: 'once',
    decision: 'approve',
  });

/** Calls made, and what the model read of them, when this happens between the request and its approval. */
async function approvedAfter(name: string, meanwhile: () => void | Promise<void>) {
  const [calls, requests] = [runs.box.calls.length, runs.model.requests.length];
  const sessionId = await runs.start({
    script: [{ toolCalls: [{ id: 'c', name, arguments: { text: 'hi' } }] }, 'Done.'],
    config: config(),
  });
  const request = await waitForRequest(sessionId);
  await meanwhile();
  await approve(request.id);
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
  return {
    made: runs.box.calls.slice(calls).map((call) => call.tool),
    read: resultsIn(runs.model.requests.slice(requests)[1]).c,
  };
}

test('a result stands for its own tool only, not for one that has got its name on the wire since', async () => {
  const before = runs.box.calls.length;
  runs.box.listTools([tool('a_b', true)]);
  const look = (id: string) => ({ toolCalls: [{ id, name: 'box__a_b', arguments: { text: 'hi' } }] });
  const sessionId = await runs.start({
    script: [
      look('one'),
      { toolCalls: [{ id: 'q', name: 'tars__ask_person', arguments: { question: 'Go on?' } }] },
      look('two'),
      'Done.',
    ],
  });
  const request = await waitForRequest(sessionId);
  runs.box.listTools([tool('a.b', true)]);
  await decideApproval(runs.kernel, {
    projectId: runs.projectId,
    approvalId: request.id,
    actor: 'ana',
    scope: 'once',
    decision: 'approve',
    answer: 'yes',
  });
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
  expect(runs.box.calls.slice(before).map((call) => call.tool)).toEqual(['a_b', 'a.b']);
});

describe('while an agent is at work', () => {
  const script = (gate: string) => [
    { toolCalls: [{ id: 'one', name: 'box__echo', arguments: { text: 'one' } }] },
    { startGate: gate, toolCalls: [{ id: 'two', name: 'box__echo', arguments: { text: 'two' } }] },
    'Done.',
  ];

  test('a configuration that asks for approval from now on is heard', async () => {
    const before = runs.box.calls.length;
    const sessionId = await runs.start({ script: script('asks') });
    await runs.model.waitForBlocked('asks');
    await runs.configure(config());
    runs.model.release('asks');
    const request = await waitForRequest(sessionId);
    expect(request.tool).toBe('box.echo');
    expect(runs.box.calls.slice(before)).toHaveLength(1);
    await approve(request.id);
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    expect(runs.box.calls.slice(before)).toHaveLength(2);
  });

  test('so is one that has the server no more', async () => {
    const [calls, requests] = [runs.box.calls.length, runs.model.requests.length];
    const sessionId = await runs.start({ script: script('gone') });
    await runs.model.waitForBlocked('gone');
    await runs.configure({ mcpServers: {} });
    runs.model.release('gone');
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    expect(runs.box.calls.slice(calls)).toHaveLength(1);
    expect(resultsIn(runs.model.requests.slice(requests)[2]).two).toContain('not configured any more');
  });
});

describe('between a request for approval and the approved call', () => {
  test('nothing changes: it is made', async () => {
    expect(await approvedAfter('box__echo', () => undefined)).toMatchObject({ made: ['echo'] });
  });

  test('another tool gets its name on the wire: that one is not called', async () => {
    runs.box.listTools([tool('a_b', true)]);
    const other = await approvedAfter('box__a_b', () => runs.box.listTools([tool('a.b', false)]));
    expect(other.made).toEqual([]);
    // Both are there: the approved one is found under its new name.
    runs.box.listTools([tool('a_b', true)]);
    const both = await approvedAfter('box__a_b', () =>
      runs.box.listTools([tool('a.b', false), tool('a_b', true)]),
    );
    expect(both.made).toEqual(['a_b']);
  });

  test('the tool stops being read-only: it is not made, and asked for anew', async () => {
    const outcome = await approvedAfter('box__echo', () => runs.box.listTools([tool('echo', false)]));
    expect(outcome.made).toEqual([]);
    expect(outcome.read).toContain('does not mark "echo" as read-only any more');
  });

  test('the tool goes: the model reads that, and the run goes on', async () => {
    const outcome = await approvedAfter('box__echo', () =>
      runs.box.listTools(FIXTURE_TOOLS.filter(({ name }) => name !== 'echo')),
    );
    expect(outcome.made).toEqual([]);
    expect(outcome.read).toContain('no tool "box__echo"');
  });

  test('the server goes: likewise', async () => {
    const outcome = await approvedAfter('box__echo', () => runs.box.answerWithStatus(503));
    expect(outcome.made).toEqual([]);
    expect(outcome.read).toContain('not available');
  });

  test('the configuration has the server no more: likewise', async () => {
    const outcome = await approvedAfter('box__echo', () => runs.configure({ mcpServers: {} }));
    expect(outcome.made).toEqual([]);
    expect(outcome.read).toContain('not configured any more');
  });
});
