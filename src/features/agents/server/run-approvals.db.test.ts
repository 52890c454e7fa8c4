import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decideApproval } from '#src/features/approvals/server/index.ts';
import { cancelSession, readPendingApprovals } from '#src/features/sessions/server/index.ts';
import { itemsOf, resultsIn, useAgentRuns } from '#test/agent-runs.ts';
import { urlFixture } from '#test/mcp-servers/fixture-config.ts';
import { rowsOf, statusOf, waitFor, waitForEnd } from '#test/runs.ts';

const runs = useAgentRuns();
const newPath = async () => join(await mkdtemp(join(tmpdir(), 'tars-approve-')), 'out');
const write = (id: string, path: string, text: string) => ({
  id,
  name: 'box__write',
  arguments: { path, text },
});
const written = (path: string) => readFile(path, 'utf8').catch(() => null);

const pendingOf = (sessionId: string) => readPendingApprovals(runs.database.pool, sessionId);

async function waitForApprovals(sessionId: string, count: number) {
  return waitFor(async () => {
    const [status, pending] = [await statusOf(runs.database, sessionId), await pendingOf(sessionId)];
    return status === 'waiting' && pending.length === count ? pending : null;
  }, `session ${sessionId} does not wait for ${count}`);
}

/** Whether the session says that something was changed. */
const hasChanged = async (sessionId: string) =>
  (
    await rowsOf<{ changed: boolean }>(runs.database, 'select changed from session where id = $1', [
      sessionId,
    ])
  )[0]?.changed;

const decide = (
  approvalId: string,
  decision: Partial<Parameters<typeof decideApproval>[1]> & { decision: 'approve' | 'deny' },
) =>
  decideApproval(runs.kernel, {
    projectId: runs.projectId,
    approvalId,
    actor: 'ana',
    scope: 'once',
    ...decision,
  });

describe('a call that needs a person', () => {
  test('waits without a worker, and the approval runs exactly that call', async () => {
    const path = await newPath();
    const sessionId = await runs.start({
      script: [
        {
          text: 'I restart it.',
          toolCalls: [
            write('w', path, 'password=hunter2-secret'),
            { id: 'e', name: 'box__echo', arguments: { text: 'hi' } },
          ],
        },
        'Done [tool: w].',
      ],
    });
    const [approval] = await waitForApprovals(sessionId, 1);
    const waiting = await runs.read(sessionId);
    // What only reads has been done meanwhile.
    expect(waiting.toolCalls.map((row) => [row.call_id, row.status])).toEqual([
      ['w', 'waiting'],
      ['e', 'completed'],
    ]);
    expect(itemsOf({ ...waiting, requests: [], log: '' }, 'approval')).toMatchObject([
      { status: 'waiting', data: { tool: 'write', why: expect.stringContaining('read-only') } },
    ]);
    expect(JSON.stringify([approval, waiting.items])).not.toContain('hunter2-secret');
    const [lease] = await rowsOf<{ lease_owner: string | null; attempts: number }>(
      runs.database,
      'select lease_owner, attempts from session where id = $1',
      [sessionId],
    );
    expect(lease).toEqual({ lease_owner: null, attempts: 0 });
    expect(await written(path)).toBeNull();

    await decide(approval?.id ?? '', { decision: 'approve', reason: 'go ahead' });
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    // The exact arguments, which nothing that is shown holds.
    expect(await written(path)).toBe('password=hunter2-secret\n');
    expect(await hasChanged(sessionId)).toBe(true);
    const run = await runs.read(sessionId);
    expect(run.toolCalls.find((row) => row.call_id === 'w')).toMatchObject({
      status: 'completed',
      arguments_sealed: null,
    });
    expect(itemsOf({ ...run, requests: [], log: '' }, 'approval')).toMatchObject([
      { status: 'completed', data: { decision: 'approve', decidedBy: 'ana', reason: 'go ahead' } },
    ]);
  });

  test('a denial goes to the model with its reason, and nothing runs', async () => {
    const path = await newPath();
    const before = runs.model.requests.length;
    const sessionId = await runs.start({ script: [{ toolCalls: [write('w', path, 'x')] }, 'Understood.'] });
    const [approval] = await waitForApprovals(sessionId, 1);
    await decide(approval?.id ?? '', { decision: 'deny', reason: 'not during the sale' });
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    expect(await written(path)).toBeNull();
    expect(await hasChanged(sessionId)).toBe(false);
    const told = resultsIn(runs.model.requests.slice(before)[1]).w;
    expect(told).toMatch(/Not run: ana denied this call.*not during the sale/s);
  });

  test('each call is decided on its own, and the first decision is acted on at once', async () => {
    const [first, second] = [await newPath(), await newPath()];
    const sessionId = await runs.start({
      script: [{ toolCalls: [write('a', first, 'one'), write('b', second, 'two')] }, 'Done.'],
    });
    // Asked for side by side, so in any order.
    const pending = await waitForApprovals(sessionId, 2);
    const [a, b] = [first, second].map((path) => pending.find((entry) => entry.arguments.path === path));
    await decide(b?.id ?? '', { decision: 'approve' });
    await waitFor(async () => (await written(second)) ?? null, 'the approved call did not run');
    expect(await written(first)).toBeNull();
    await waitForApprovals(sessionId, 1);
    await decide(a?.id ?? '', { decision: 'deny' });
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    expect(await written(first)).toBeNull();
  });

  test('allowed for the session, the tool asks no more there, and asks again in the next', async () => {
    const [first, second] = [await newPath(), await newPath()];
    const script = [
      { toolCalls: [write('a', first, 'one')] },
      { toolCalls: [write('b', second, 'two')] },
      'Done.',
    ];
    const sessionId = await runs.start({ script });
    const [approval] = await waitForApprovals(sessionId, 1);
    await decide(approval?.id ?? '', { decision: 'approve', scope: 'session' });
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    expect([await written(first), await written(second)]).toEqual(['one\n', 'two\n']);

    const next = await runs.start({ script });
    await waitForApprovals(next, 1);
    await cancelSession(runs.kernel, { projectId: runs.projectId, sessionId: next, actor: 'ana' });
    expect(await statusOf(runs.database, next)).toBe('cancelled');
    expect(await pendingOf(next)).toEqual([]);
  });

  test('of two people at once one wins, and the other is told who', async () => {
    const path = await newPath();
    const sessionId = await runs.start({ script: [{ toolCalls: [write('w', path, 'x')] }, 'Done.'] });
    const [approval] = await waitForApprovals(sessionId, 1);
    const decisions = await Promise.allSettled([
      decide(approval?.id ?? '', { decision: 'approve', actor: 'ana' }),
      decide(approval?.id ?? '', { decision: 'deny', actor: 'ben' }),
    ]);
    expect(decisions.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = decisions.find((decision) => decision.status === 'rejected');
    expect(lost?.reason).toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/^(ana|ben) has already (approved|denied) this/),
    });
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    await expect(decide(approval?.id ?? '', { decision: 'approve' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('expires as a denial that says so', async () => {
    const path = await newPath();
    const before = runs.model.requests.length;
    const sessionId = await runs.start({
      script: [{ toolCalls: [write('w', path, 'x')] }, 'Without it.'],
      config: { approval: { expiresAfter: '1s' } },
    });
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    expect(resultsIn(runs.model.requests.slice(before)[1]).w).toMatch(/expired/);
    const run = await runs.read(sessionId);
    expect(itemsOf({ ...run, requests: [], log: '' }, 'approval')).toMatchObject([
      { status: 'timed_out', data: { decision: 'expired' } },
    ]);
    expect(await written(path)).toBeNull();
  });

  test('a cancelled session takes its requests with it', async () => {
    const sessionId = await runs.start({ script: [{ toolCalls: [write('w', await newPath(), 'x')] }] });
    const [approval] = await waitForApprovals(sessionId, 1);
    await cancelSession(runs.kernel, { projectId: runs.projectId, sessionId, actor: 'ana' });
    await expect(decide(approval?.id ?? '', { decision: 'approve' })).rejects.toMatchObject({
      code: 'conflict',
      message: 'Its session has ended.',
    });
    const run = await runs.read(sessionId);
    expect(run.toolCalls[0]).toMatchObject({ status: 'cancelled', arguments_sealed: null });
    expect(itemsOf({ ...run, requests: [], log: '' }, 'approval')[0]?.status).toBe('cancelled');
  });

  test('while its session is being cancelled nobody is told that it was approved', async () => {
    const path = await newPath();
    const sessionId = await runs.start({ script: [{ toolCalls: [write('w', path, 'x')] }] });
    const [approval] = await waitForApprovals(sessionId, 1);
    const cancelling = (is: boolean) =>
      runs.database.pool.query('update session set status = $2::"RunStatus" where id = $1', [
        sessionId,
        is ? 'cancelling' : 'waiting',
      ]);
    // As when the worker that is to end it has just died.
    await cancelling(true);
    await expect(decide(approval?.id ?? '', { decision: 'approve' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('being cancelled'),
    });
    await cancelling(false);
    await decide(approval?.id ?? '', { decision: 'deny' });
    expect(await waitForEnd(runs.database, sessionId)).toBe('failed');
  });

  test('ids of other projects are not found', async () => {
    const sessionId = await runs.start({
      script: [{ toolCalls: [write('w', await newPath(), 'x')] }, 'Done.'],
    });
    const [approval] = await waitForApprovals(sessionId, 1);
    const foreign = { projectId: '00000000-0000-7000-8000-000000000000' };
    await expect(decide(approval?.id ?? '', { decision: 'approve', ...foreign })).rejects.toMatchObject({
      code: 'not_found',
    });
    await decide(approval?.id ?? '', { decision: 'deny' });
    await waitForEnd(runs.database, sessionId);
  });
});

test('rules of the chain and of the server let calls run by their arguments', async () => {
  const [allowed, asked] = [await newPath(), await newPath()];
  const sessionId = await runs.start({
    script: [{ toolCalls: [write('a', allowed, 'yes'), write('b', asked, 'no')] }, 'Done.'],
    config: {
      mcpServers: { box: { ...urlFixture('http', runs.box.url), approval: { default: 'always' } } },
      chains: {
        kubernetes: {
          stages: [{ name: 'look', agents: ['kubernetes'] }],
          executiveSummary: { enabled: false },
          approval: {
            rules: [{ server: 'box', tool: 'write|echo', arguments: { text: 'y.s' }, approval: 'never' }],
          },
        },
      },
    },
  });
  const [approval] = await waitForApprovals(sessionId, 1);
  expect(await written(allowed)).toBe('yes\n');
  expect(approval?.arguments).toMatchObject({ text: 'no' });
  await decide(approval?.id ?? '', { decision: 'deny' });
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
  expect(await written(asked)).toBeNull();
});

test('while one agent waits the others go on, and a decision is taken up beside them', async () => {
  const path = await newPath();
  const sessionId = await runs.start({
    script: {
      rules: [
        {
          when: { systemContains: 'You are a fixer', assistantTurns: 0 },
          turn: { toolCalls: [write('w', path, 'fixed')] },
        },
        { when: { systemContains: 'You are a fixer' }, turn: 'Fixed.' },
        { when: { systemContains: 'You are slow' }, turn: { startGate: 'slow', text: 'Looked.' } },
      ],
      fallback: 'Both.',
    },
    config: {
      agents: { fixer: { instructions: 'You are a fixer' }, slow: { instructions: 'You are slow' } },
      chains: {
        kubernetes: {
          stages: [{ name: 'look', agents: ['fixer', 'slow'], successPolicy: 'all' }],
          executiveSummary: { enabled: false },
        },
      },
    },
  });
  const [approval] = await waitFor(async () => {
    const pending = await pendingOf(sessionId);
    return pending.length > 0 ? pending : null;
  }, 'nothing was asked');
  expect(await statusOf(runs.database, sessionId)).toBe('running');
  await decide(approval?.id ?? '', { decision: 'approve' });
  await waitFor(async () => (await written(path)) ?? null, 'the approved call did not run');
  expect(await statusOf(runs.database, sessionId)).toBe('running');
  runs.model.release('slow');
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
});

describe('a question to people', () => {
  const ask = {
    id: 'q',
    name: 'tars__ask_person',
    arguments: { question: 'Was there a deploy?', options: ['yes', 'no'] },
  };

  test('is answered like a call, and the model reads the answer', async () => {
    const before = runs.model.requests.length;
    const sessionId = await runs.start({ script: [{ toolCalls: [ask] }, 'So it was the deploy.'] });
    const [question] = await waitForApprovals(sessionId, 1);
    expect(question).toMatchObject({ kind: 'question', tool: 'tars.ask_person' });
    await expect(decide(question?.id ?? '', { decision: 'approve' })).rejects.toMatchObject({
      code: 'bad_request',
      fields: [{ path: 'answer' }],
    });
    await decide(question?.id ?? '', { decision: 'approve', answer: 'yes, at nine' });
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    expect(resultsIn(runs.model.requests.slice(before)[1]).q).toContain('ana answers: yes, at nine');
    const run = await runs.read(sessionId);
    expect(itemsOf({ ...run, requests: [], log: '' }, 'question')).toMatchObject([
      {
        status: 'completed',
        content: 'Was there a deploy?',
        data: { options: ['yes', 'no'], answer: 'yes, at nine', answeredBy: 'ana' },
      },
    ]);
  });

  test('is not on offer where the configuration says no', async () => {
    const run = await runs.run({
      script: ['Done.'],
      config: { defaults: { llmProvider: 'main', askPeople: false } },
    });
    expect(JSON.stringify(run.requests[0]?.body)).not.toContain('ask_person');
  });
});
