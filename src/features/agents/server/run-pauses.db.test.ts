import { describe, expect, test } from 'vitest';
import { decideApproval } from '#src/features/approvals/server/index.ts';
import { cancelSession, readPendingApprovals } from '#src/features/sessions/server/index.ts';
import { itemsOf, useAgentRuns } from '#test/agent-runs.ts';
import { rowsOf, statusOf, waitFor, waitForEnd } from '#test/runs.ts';

const runs = useAgentRuns();
const PAUSE = { defaults: { llmProvider: 'main', maxIterations: 2, onIterationLimit: 'pause' } };
const look = (id: string, text = `I look at ${id}.`) => ({
  text,
  toolCalls: [{ id, name: 'box__echo', arguments: { text: id } }],
});

async function waitForPause(sessionId: string, count = 1) {
  return waitFor(async () => {
    const pending = await readPendingApprovals(runs.database.pool, sessionId);
    return (await statusOf(runs.database, sessionId)) === 'waiting' && pending.length === count
      ? pending
      : null;
  }, `session ${sessionId} does not wait for ${count}`);
}

type Decision = Partial<Parameters<typeof decideApproval>[1]> & {
  decision: 'continue' | 'conclude' | 'cancel' | 'approve';
};
const decide = (approvalId: string | undefined, decision: Decision) =>
  decideApproval(runs.kernel, {
    projectId: runs.projectId,
    approvalId: approvalId ?? '',
    actor: 'ana',
    scope: 'once',
    ...decision,
  });

const pausesOf = (sessionId: string) =>
  rowsOf<{ status: string; decided_by: string | null; at_iterations: number; granted: number | null }>(
    runs.database,
    `select status, decided_by, at_iterations, granted_iterations as granted from approval
     where session_id = $1 and kind = 'pause' order by at_iterations`,
    [sessionId],
  );
const purposesOf = (run: Awaited<ReturnType<typeof runs.read>>) => run.llmCalls.map(({ kind }) => kind);
const read = async (sessionId: string) => ({ ...(await runs.read(sessionId)), requests: [], log: '' });

describe('an agent at its limit that shall pause', () => {
  test('asks with how far it has come, held by no worker; the same number again takes it to its answer', async () => {
    const sessionId = await runs.start({
      script: [look('a'), look('b', 'The key is missing: password=hunter2-secret.'), look('c'), 'Done.'],
      config: PAUSE,
    });
    const [pause] = await waitForPause(sessionId);
    expect(pause).toMatchObject({
      kind: 'pause',
      why: 'It has used its 2 iterations and has no answer yet.',
      arguments: { iterations: 2, more: 2, toolCalls: 2, found: expect.stringContaining('key is missing') },
    });
    expect(pause?.arguments.tokens).toBeGreaterThan(0);
    expect(JSON.stringify(pause)).not.toContain('hunter2');
    const waiting = await read(sessionId);
    expect(waiting.executions).toMatchObject([{ status: 'waiting' }]);
    expect(itemsOf(waiting, 'approval')).toMatchObject([{ status: 'waiting', data: { kind: 'pause' } }]);
    expect(
      await rowsOf(runs.database, 'select lease_owner, attempts from session where id = $1', [sessionId]),
    ).toEqual([{ lease_owner: null, attempts: 0 }]);

    expect(await decide(pause?.id, { decision: 'continue' })).toMatchObject({
      status: 'approved',
      grantedIterations: 2,
      decidedBy: 'ana',
    });
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    const run = await read(sessionId);
    expect(run.session.final_analysis).toBe('Done.');
    // Exactly where it stopped: no call to the model twice, none forced.
    expect(purposesOf(run)).toEqual(['iteration', 'iteration', 'iteration', 'iteration']);
    expect(run.toolCalls.map((call) => call.call_id)).toEqual(['a', 'b', 'c']);
    expect(itemsOf(run, 'approval')).toMatchObject([
      { status: 'completed', data: { decision: 'approve', decidedBy: 'ana', granted: 2 } },
    ]);
  });

  test('pauses again at the new limit; each time is recorded with who decided', async () => {
    const before = runs.model.requests.length;
    const sessionId = await runs.start({
      script: [look('a'), look('b'), look('c'), look('d'), 'So far.'],
      config: PAUSE,
    });
    const [first] = await waitForPause(sessionId);
    await decide(first?.id, { decision: 'continue', iterations: 1 });
    const second = await waitFor(async () => {
      const [pending] = await readPendingApprovals(runs.database.pool, sessionId);
      return pending && pending.id !== first?.id ? pending : null;
    }, 'it did not pause again');
    expect(second.arguments).toMatchObject({ iterations: 3 });
    await decide(second.id, { decision: 'conclude', actor: 'ben', reason: 'that is enough' });
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    expect(await pausesOf(sessionId)).toEqual([
      { status: 'approved', decided_by: 'ana', at_iterations: 2, granted: 1 },
      { status: 'denied', decided_by: 'ben', at_iterations: 3, granted: null },
    ]);
    const run = await read(sessionId);
    expect(purposesOf(run)).toEqual(['iteration', 'iteration', 'iteration', 'forced_conclusion']);
    const told = JSON.stringify(runs.model.requests.slice(before).at(-1)?.conversation);
    expect(told).toContain('ben asked for the conclusion after 3 iterations. Reason given: that is enough');
  });

  test('nobody decides: it concludes, and is never left without an answer', async () => {
    const sessionId = await runs.start({
      script: [look('a'), look('b'), 'What I know.'],
      config: { ...PAUSE, approval: { expiresAfter: '1s' } },
    });
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    const run = await read(sessionId);
    expect(run.session.final_analysis).toBe('What I know.');
    expect(await pausesOf(sessionId)).toMatchObject([{ status: 'expired', decided_by: null }]);
    expect(itemsOf(run, 'budget')).toMatchObject([
      { content: 'Nobody decided in time whether to go on after 2 iterations.' },
    ]);
  });

  test('cancelled at its pause, the only agent of the stage ends the chain', async () => {
    const sessionId = await runs.start({ script: [look('a'), look('b')], config: PAUSE });
    const [pause] = await waitForPause(sessionId);
    expect(await decide(pause?.id, { decision: 'cancel', reason: 'wrong cluster' })).toMatchObject({
      status: 'cancelled',
      decidedBy: 'ana',
    });
    expect(await waitForEnd(runs.database, sessionId)).toBe('cancelled');
    const run = await read(sessionId);
    expect(run.executions).toMatchObject([{ status: 'cancelled', error: 'cancelled by ana: wrong cluster' }]);
    expect(run.session.error).toBe('Stage "look" cancelled: kubernetes: cancelled by ana: wrong cluster');
    await expect(decide(pause?.id, { decision: 'continue' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/^ana has already cancelled this agent, at /),
    });
  });

  test('a budget that is used up is stronger than the permission to go on', async () => {
    const sessionId = await runs.start({
      script: [look('a'), look('b'), 'All I can say.'],
      config: {
        ...PAUSE,
        defaults: { ...PAUSE.defaults, budgets: { tokens: 1_000_000 } },
      },
    });
    const [pause] = await waitForPause(sessionId);
    await runs.database.pool.query('update session set input_tokens = 2000000 where id = $1', [sessionId]);
    await decide(pause?.id, { decision: 'continue', iterations: 5 });
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
    expect(
      await rowsOf(runs.database, 'select status_reason, final_analysis from session where id = $1', [
        sessionId,
      ]),
    ).toEqual([{ status_reason: 'budget:tokens', final_analysis: 'All I can say.' }]);
  });

  test('a decision that is none of a pause is refused, and of two people one is told who was faster', async () => {
    const sessionId = await runs.start({ script: [look('a'), look('b'), 'Done.'], config: PAUSE });
    const [pause] = await waitForPause(sessionId);
    await expect(decide(pause?.id, { decision: 'approve' })).rejects.toMatchObject({
      code: 'bad_request',
      fields: [{ path: 'decision' }],
    });
    const decisions = await Promise.allSettled([
      decide(pause?.id, { decision: 'conclude', actor: 'ana' }),
      decide(pause?.id, { decision: 'conclude', actor: 'ben' }),
    ]);
    const lost = decisions.find((decision) => decision.status === 'rejected');
    expect(lost?.reason).toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/^(ana|ben) has already asked for its conclusion/),
    });
    expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
  });

  test('a cancelled session takes its pauses with it', async () => {
    const sessionId = await runs.start({ script: [look('a'), look('b')], config: PAUSE });
    const [pause] = await waitForPause(sessionId);
    await cancelSession(runs.kernel, { projectId: runs.projectId, sessionId, actor: 'ana' });
    await expect(decide(pause?.id, { decision: 'continue' })).rejects.toMatchObject({
      message: 'Its session has ended.',
    });
    expect(await pausesOf(sessionId)).toMatchObject([{ status: 'cancelled', decided_by: null }]);
  });
});

/** What an agent says when it is named in its instructions. */
const named = (name: string, assistantTurns?: number) => ({
  systemContains: `You are ${name}.`,
  ...(assistantTurns === undefined ? {} : { assistantTurns }),
});
const parallel = (successPolicy: 'any' | 'all') => ({
  agents: {
    careful: { instructions: 'You are careful.', maxIterations: 1, onIterationLimit: 'pause' },
    broken: { instructions: 'You are broken.' },
    quick: { instructions: 'You are quick.' },
  },
  chains: {
    kubernetes: {
      stages: [{ name: 'look', agents: ['careful', 'broken', 'quick'], successPolicy }],
      executiveSummary: { enabled: false },
    },
  },
});
const script = {
  rules: [
    { when: named('careful', 0), turn: look('c') },
    { when: named('careful'), turn: 'It is the key.' },
    { when: named('broken'), turn: { httpError: { status: 401 } } },
    { when: named('quick'), turn: 'Nothing.' },
  ],
  fallback: 'Together.',
};

describe('one of three agents failed, one paused, one done', () => {
  test.each(['any', 'all'] as const)(
    'with the policy %s the stage waits, whatever the others came to',
    async (policy) => {
      const sessionId = await runs.start({ script, config: parallel(policy) });
      const [pause] = await waitForPause(sessionId);
      const waiting = await runs.read(sessionId);
      expect(waiting.executions.map(({ agent, status }) => [agent, status])).toEqual([
        ['careful', 'waiting'],
        ['broken', 'failed'],
        ['quick', 'completed'],
      ]);
      expect(
        await rowsOf(runs.database, 'select name, status from stage where session_id = $1', [sessionId]),
      ).toEqual([{ name: 'look', status: 'waiting' }]);
      await decide(pause?.id, { decision: 'continue', iterations: 3 });
      expect(await waitForEnd(runs.database, sessionId)).toBe(policy === 'any' ? 'completed' : 'failed');
      const run = await runs.read(sessionId);
      expect(run.executions[0]).toMatchObject({
        agent: 'careful',
        status: 'completed',
        result: 'It is the key.',
      });
      expect(run.session.final_analysis).toBe(policy === 'any' ? 'Together.' : null);
    },
  );
});

test('while one is paused the others go on, and the decision is taken up beside them', async () => {
  const sessionId = await runs.start({
    script: {
      ...script,
      rules: [{ when: named('broken'), turn: { startGate: 'slow', text: 'Late.' } }, ...script.rules],
    },
    config: parallel('all'),
  });
  const pause = await waitFor(
    async () => (await readPendingApprovals(runs.database.pool, sessionId))[0],
    'it did not pause',
  );
  expect(await statusOf(runs.database, sessionId)).toBe('running');
  await decide(pause.id, { decision: 'continue' });
  await waitFor(async () => {
    const { executions } = await runs.read(sessionId);
    return executions[0]?.status === 'completed' ? true : null;
  }, 'the paused agent did not go on beside the slow one');
  runs.model.release('slow');
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
});

test('a sub-agent pauses like any other, and its parent waits with it', async () => {
  const sessionId = await runs.start({
    script: {
      rules: [
        {
          when: named('the lead', 0),
          turn: {
            toolCalls: [{ id: 'd', name: 'tars__dispatch_agent', arguments: { name: 'net', task: 'look' } }],
          },
        },
        { when: named('net', 0), turn: look('n') },
        { when: named('net'), turn: 'The network is fine.' },
      ],
      fallback: 'Then it is the disk.',
    },
    config: {
      agents: {
        lead: {
          instructions: 'You are the lead.',
          subAgents: [{ name: 'net', maxIterations: 1, onIterationLimit: 'pause' }],
        },
        net: { description: 'Network.', instructions: 'You are net.' },
      },
      chains: {
        kubernetes: { stages: [{ name: 'look', agents: ['lead'] }], executiveSummary: { enabled: false } },
      },
    },
  });
  const [pause] = await waitForPause(sessionId);
  await decide(pause?.id, { decision: 'continue' });
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
  const run = await runs.read(sessionId);
  expect(run.executions.map(({ agent, status }) => [agent, status])).toEqual([
    ['lead', 'completed'],
    ['net', 'completed'],
  ]);
});
