import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cancelExecution } from '#src/features/approvals/server/cancel-execution.ts';
import { decideApproval } from '#src/features/approvals/server/index.ts';
import { cancelSession, readPendingApprovals } from '#src/features/sessions/server/index.ts';
import { useAgentRuns } from '#test/agent-runs.ts';
import { agentOf, dispatch, leadConfig } from '#test/lead-agent.ts';
import type { ScriptRequest } from '#test/llm-protocol/pick-turn.ts';
import type { Turn } from '#test/llm-protocol/script.ts';
import { FIXTURE_TOOLS } from '#test/mcp-servers/fixture-tools.ts';
import { rowsOf, statusOf, waitFor, waitForEnd } from '#test/runs.ts';

const runs = useAgentRuns();

const write = (id: string, path: string, text: string) => ({
  id,
  name: 'box__write',
  arguments: { path, text },
});
const newPath = async () => join(await mkdtemp(join(tmpdir(), 'tars-waiting-')), 'out');
const written = (path: string) => readFile(path, 'utf8').catch(() => null);

const statusOfAgent = async (sessionId: string, agent: string) =>
  (
    await rowsOf<{ status: string }>(
      runs.database,
      'select status from execution where session_id = $1 and agent = $2 order by index',
      [sessionId, agent],
    )
  ).map(({ status }) => status);

const waitForStatus = (sessionId: string, wanted: string) =>
  waitFor(
    async () => ((await statusOf(runs.database, sessionId)) === wanted ? true : null),
    `the session is not ${wanted}`,
  );

const waitForAgent = (sessionId: string, agent: string, wanted: string) =>
  waitFor(
    async () => ((await statusOfAgent(sessionId, agent))[0] === wanted ? true : null),
    `${agent} is not ${wanted}`,
  );

const waitForPending = (sessionId: string, count: number) =>
  waitFor(async () => {
    const pending = await readPendingApprovals(runs.database.pool, sessionId);
    return pending.length === count ? pending : null;
  }, `session ${sessionId} does not ask ${count} times`);

const decide = (approvalId: string | undefined, decision: 'approve' | 'deny') =>
  decideApproval(runs.kernel, {
    projectId: runs.projectId,
    approvalId: approvalId ?? '',
    actor: 'ana',
    scope: 'once',
    decision,
  });

test('while a call of the parent waits its sub-agents work on, and the decision is taken up beside them', async () => {
  const path = await newPath();
  const callsBefore = runs.box.calls.length;
  const requestsBefore = runs.model.requests.length;
  const sessionId = await runs.start({
    script: (request) => {
      if (agentOf(request) === 'net') return { startGate: 'net-works', text: 'The network is fine.' };
      if (request.assistantTurns === 0) {
        const add = { id: 'n', name: 'box__add', arguments: { a: 1, b: 2 } };
        return { toolCalls: [dispatch('a', 'net', 'look'), write('w', path, 'fixed'), add] };
      }
      return request.lastText.includes('The network is fine.') ? 'Both.' : 'Waiting.';
    },
    config: leadConfig(),
  });
  const [approval] = await waitForPending(sessionId, 1);
  await runs.model.waitForBlocked('net-works');
  await decide(approval?.id, 'approve');
  await waitFor(() => written(path), 'the approved call did not run');
  expect(await statusOf(runs.database, sessionId)).toBe('running');
  runs.model.release('net-works');
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
  expect((await runs.read(sessionId)).session.final_analysis).toBe('Both.');
  // Nothing was begun twice: neither the sub-agent nor what the parent called beside it.
  expect(runs.box.calls.slice(callsBefore).map(({ tool }) => tool)).toEqual(['add', 'write']);
  expect(runs.model.requests.length - requestsBefore).toBe(4);
});

test('while a call of the parent waits the session is held until its sub-agents have ended or wait, too', async () => {
  const paths = [await newPath(), await newPath()];
  const sessionId = await runs.start({
    script: (request) => {
      if (agentOf(request) !== 'lead') {
        if (request.assistantTurns > 0) return 'Cleaned.';
        return { startGate: 'disk-works', toolCalls: [write('d', paths[1] ?? '', 'clean')] };
      }
      if (request.assistantTurns > 0) return request.lastText.includes('Cleaned.') ? 'Both.' : 'Waiting.';
      return { toolCalls: [dispatch('a', 'disk', 'clean up'), write('w', paths[0] ?? '', 'fixed')] };
    },
    config: leadConfig(),
  });
  await waitForPending(sessionId, 1);
  await runs.model.waitForBlocked('disk-works');
  expect(await statusOf(runs.database, sessionId)).toBe('running');
  runs.model.release('disk-works');
  const pending = await waitForPending(sessionId, 2);
  await waitForStatus(sessionId, 'waiting');
  for (const { id } of pending) await decide(id, 'approve');
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
  expect(await Promise.all(paths.map(written))).toEqual(['fixed\n', 'clean\n']);
});

test('a sub-agent that waits for a person is cancelled by its parent', async () => {
  const path = await newPath();
  const sessionId = await runs.start({
    script: (request) => {
      if (agentOf(request) === 'disk') return { toolCalls: [write('w', path, 'clean')] };
      if (agentOf(request) === 'net') return { startGate: 'net-b', text: 'The network it is.' };
      const told = request.conversation.messages.at(-1);
      if (request.assistantTurns === 0)
        return { toolCalls: [dispatch('a', 'disk', 'clean up'), dispatch('b', 'net', 'look')] };
      if (told?.text.includes('The network it is.'))
        return { toolCalls: [{ id: 'l', name: 'tars__list_agents', arguments: {} }] };
      const id = /disk \((\S+)\): /.exec(told?.toolResults[0]?.text ?? '')?.[1];
      if (id)
        return { toolCalls: [{ id: 'x', name: 'tars__cancel_agent', arguments: { execution_id: id } }] };
      return 'Without the disk.';
    },
    config: leadConfig(),
  });
  await waitForPending(sessionId, 1);
  await waitForAgent(sessionId, 'disk', 'waiting');
  runs.model.release('net-b');
  expect(await waitForEnd(runs.database, sessionId, 10_000)).toBe('completed');
  expect(await statusOfAgent(sessionId, 'disk')).toEqual(['cancelled']);
  expect(await readPendingApprovals(runs.database.pool, sessionId)).toEqual([]);
});

test('a decision for a sub-agent is taken up while its parent works on', async () => {
  const path = await newPath();
  const sessionId = await runs.start({
    script: (request) => {
      if (agentOf(request) === 'disk')
        return request.assistantTurns === 0 ? { toolCalls: [write('w', path, 'clean')] } : 'Cleaned.';
      if (request.assistantTurns === 0) return { toolCalls: [dispatch('a', 'disk', 'clean up')] };
      if (request.assistantTurns === 1)
        return {
          startGate: 'lead-works',
          toolCalls: [{ id: 'e', name: 'box__echo', arguments: { text: 'hi' } }],
        };
      return 'Done.';
    },
    config: leadConfig(),
  });
  const [approval] = await waitForPending(sessionId, 1);
  await runs.model.waitForBlocked('lead-works');
  await waitForAgent(sessionId, 'disk', 'waiting');
  await decide(approval?.id, 'approve');
  await waitFor(async () => (await written(path)) ?? null, 'the approved call did not run', 4000);
  runs.model.release('lead-works');
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
});

test('a sub-agent that asks often does not use up its parent', async () => {
  const path = await newPath();
  const sessionId = await runs.start({
    script: (request) => {
      if (agentOf(request) === 'net') return { startGate: 'net-e', text: 'Fine.' };
      if (agentOf(request) === 'disk')
        return request.assistantTurns < 15
          ? { toolCalls: [write(`w${request.assistantTurns}`, path, `${request.assistantTurns}`)] }
          : 'Cleaned.';
      if (request.assistantTurns === 0)
        return { toolCalls: [dispatch('a', 'disk', 'clean up'), dispatch('b', 'net', 'look')] };
      return 'Done.';
    },
    config: leadConfig({ maxIterations: 2 }),
  });
  for (let n = 0; n < 15; n += 1) {
    const [approval] = await waitForPending(sessionId, 1);
    await waitForAgent(sessionId, 'disk', 'waiting');
    await decide(approval?.id, 'approve');
    await waitFor(async () => ((await written(path)) ?? '').includes(`${n}\n`) || null, `${n} not written`);
  }
  runs.model.release('net-e');
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
}, 60_000);

describe('a parent that waits for people beside a sub-agent at work', () => {
  const script =
    (path: string) =>
    (request: ScriptRequest): Turn => {
      if (agentOf(request) === 'net') return { startGate: `net ${path}`, text: 'The network is fine.' };
      if (request.assistantTurns === 0)
        return { toolCalls: [dispatch('a', 'net', 'look'), write('w', path, 'fixed')] };
      return request.conversation.messages.some(({ text }) => /network is fine|cancelled/.test(text))
        ? 'Done.'
        : 'Waiting.';
    };
  async function start(changes: Record<string, unknown> = {}) {
    const path = await newPath();
    const sessionId = await runs.start({ script: script(path), config: { ...leadConfig(), ...changes } });
    const [approval] = await waitForPending(sessionId, 1);
    await runs.model.waitForBlocked(`net ${path}`);
    return { path, sessionId, approvalId: approval?.id, finishNet: () => runs.model.release(`net ${path}`) };
  }
  const idOf = async (sessionId: string, agent: string) =>
    (
      await rowsOf<{ id: string }>(
        runs.database,
        'select id from execution where session_id = $1 and agent = $2',
        [sessionId, agent],
      )
    )[0]?.id ?? '';
  const cancel = async (sessionId: string, agent: string) =>
    cancelExecution(runs.kernel, {
      projectId: runs.projectId,
      sessionId,
      executionId: await idOf(sessionId, agent),
      actor: 'ana',
    });

  test('is cancelled by a person, with it', async () => {
    const { sessionId } = await start();
    await cancel(sessionId, 'lead');
    expect(await waitForEnd(runs.database, sessionId)).toBe('cancelled');
    expect(await statusOfAgent(sessionId, 'net')).toEqual(['cancelled']);
    expect(await readPendingApprovals(runs.database.pool, sessionId)).toEqual([]);
  });

  test('is cancelled with the session', async () => {
    const { sessionId, path } = await start();
    await cancelSession(runs.kernel, { projectId: runs.projectId, sessionId, actor: 'ana' });
    expect(await waitForEnd(runs.database, sessionId)).toBe('cancelled');
    expect(await statusOfAgent(sessionId, 'net')).toEqual(['cancelled']);
    expect(await readPendingApprovals(runs.database.pool, sessionId)).toEqual([]);
    expect(await written(path)).toBeNull();
  });

  test('goes on waiting when a person cancels that sub-agent, and reads of it', async () => {
    const { sessionId, approvalId } = await start();
    await cancel(sessionId, 'net');
    await waitForStatus(sessionId, 'waiting');
    await decide(approvalId, 'deny');
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    expect((await runs.read(sessionId)).session.final_analysis).toBe('Done.');
  });

  test('does not make an approved call of a tool that is gone by then', async () => {
    const { sessionId, path, approvalId, finishNet } = await start();
    runs.box.listTools(FIXTURE_TOOLS.filter(({ name }) => name !== 'write'));
    await decide(approvalId, 'approve');
    const refused = await waitFor(async () => {
      const calls = (await runs.read(sessionId)).toolCalls;
      return calls.find(({ tool, status }) => tool === 'write' && status === 'failed');
    }, 'the call has not ended');
    runs.box.listTools(null);
    expect(refused.result).toContain('There is no tool "box__write"');
    finishNet();
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    expect(await written(path)).toBeNull();
  });

  test('goes on without the call when nobody decides in time', async () => {
    const { sessionId, path, finishNet } = await start({ approval: { expiresAfter: '1s' } });
    await waitFor(
      async () => ((await readPendingApprovals(runs.database.pool, sessionId)).length === 0 ? true : null),
      'the request did not expire',
    );
    finishNet();
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    expect(await written(path)).toBeNull();
    expect((await runs.read(sessionId)).session.final_analysis).toBe('Done.');
  });

  test('is out of time with its session', async () => {
    const { sessionId } = await start({ queue: { sessionTimeout: '3s' } });
    expect(await waitForEnd(runs.database, sessionId)).toBe('timed_out');
    expect(await statusOfAgent(sessionId, 'net')).toEqual(['timed_out']);
    expect(await readPendingApprovals(runs.database.pool, sessionId)).toEqual([]);
  });
});
