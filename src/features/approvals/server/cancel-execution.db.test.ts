import { describe, expect, test } from 'vitest';
import { readPendingApprovals } from '#src/features/sessions/server/index.ts';
import { useAgentRuns } from '#test/agent-runs.ts';
import { findViolations } from '#test/crash/check-invariants.ts';
import { rowsOf, statusOf, waitFor, waitForEnd } from '#test/runs.ts';
import { cancelExecution } from './cancel-execution.ts';

const runs = useAgentRuns();

type Stage = Record<string, unknown>;
const oneStage = (stage: Stage, agents: Record<string, unknown>) => ({
  agents,
  chains: {
    kubernetes: { stages: [{ name: 'look', ...stage }], executiveSummary: { enabled: false } },
  },
});
const both = { quick: { instructions: 'You are quick.' }, slow: { instructions: 'You are slow.' } };
const is = (name: string, assistantTurns?: number) => ({
  systemContains: `You are ${name}.`,
  ...(assistantTurns === undefined ? {} : { assistantTurns }),
});
/** Says the beginning of something, and never the end. */
const hangs = { steps: [{ type: 'text' as const, text: 'I am just ' }, { type: 'stall' as const }] };

type Agent = { id: string; agent: string; status: string; error: string | null };
const agentsOf = (sessionId: string) =>
  rowsOf<Agent>(
    runs.database,
    `select e.id, e.agent, e.status, e.error from execution e join stage s on s.id = e.stage_id
     where e.session_id = $1 order by s.index, e.parent_execution_id nulls first, e.index`,
    [sessionId],
  );
const standOf = async (sessionId: string) =>
  (await agentsOf(sessionId)).map(({ agent, status, error }) => [agent, status, error]);

/** The agent of that name once it is in that state, and has begun to speak where it runs. */
function waitForAgent(sessionId: string, agent: string, status: string): Promise<Agent> {
  return waitFor(async () => {
    const found = (await agentsOf(sessionId)).find((row) => row.agent === agent && row.status === status);
    if (!found || status !== 'running') return found;
    const [item] = await rowsOf(
      runs.database,
      `select 1 from timeline_item where execution_id = $1 and status = 'streaming'`,
      [found.id],
    );
    return item && found;
  }, `${agent} is not ${status}`);
}

const cancel = (sessionId: string, executionId: string, reason?: string) =>
  cancelExecution(runs.kernel, { projectId: runs.projectId, sessionId, executionId, reason, actor: 'ana' });

const soundEnd = async (sessionId: string) => {
  const status = await waitForEnd(runs.database, sessionId);
  expect(await findViolations(runs.kernel, { projectId: runs.projectId, sessionId })).toEqual([]);
  return status;
};

describe('one agent of several', () => {
  test('is stopped in the middle of its answer, and the stage goes on without it', async () => {
    const sessionId = await runs.start({
      script: {
        rules: [
          { when: is('slow'), turn: hangs },
          { when: is('quick'), turn: { startGate: 'quick', text: 'The key.' } },
        ],
        fallback: 'So it is the key.',
      },
      config: oneStage({ agents: ['quick', 'slow'] }, both),
    });
    const slow = await waitForAgent(sessionId, 'slow', 'running');
    expect(await cancel(sessionId, slow.id, 'not needed, password=hunter2-secret')).toEqual({
      status: 'cancelling',
    });
    await waitForAgent(sessionId, 'slow', 'cancelled');
    // Its sibling has not noticed.
    expect(await statusOf(runs.database, sessionId)).toBe('running');
    runs.model.release('quick');
    expect(await soundEnd(sessionId)).toBe('completed');
    const run = await runs.read(sessionId);
    expect(run.session.final_analysis).toBe('So it is the key.');
    expect(run.items.filter(({ content }) => content === 'I am just ')).toMatchObject([
      { type: 'response', status: 'cancelled' },
    ]);
    const [, ended] = await agentsOf(sessionId);
    expect(ended?.error).toMatch(/^cancelled by ana: not needed/);
    expect(ended?.error).not.toContain('hunter2');
    await expect(cancel(sessionId, slow.id)).rejects.toMatchObject({
      code: 'conflict',
      message: 'The agent has already ended (cancelled).',
    });
  });

  test('with the policy all its stage is cancelled with it', async () => {
    const sessionId = await runs.start({
      script: { rules: [{ when: is('slow'), turn: hangs }], fallback: 'The key.' },
      config: oneStage({ agents: ['quick', 'slow'], successPolicy: 'all' }, both),
    });
    await waitForAgent(sessionId, 'quick', 'completed');
    await cancel(sessionId, (await waitForAgent(sessionId, 'slow', 'running')).id);
    expect(await soundEnd(sessionId)).toBe('cancelled');
    expect((await runs.read(sessionId)).session.error).toBe('Stage "look" cancelled: slow: cancelled by ana');
  });

  test('a replica is one of several, too', async () => {
    const sessionId = await runs.start({
      script: {
        rules: [
          { when: { contains: 'TARS-TASK: synthesis' }, turn: 'Together.' },
          { when: is('slow'), times: 1, turn: hangs },
        ],
        fallback: 'The key.',
      },
      config: oneStage({ agents: ['slow'], replicas: 3 }, { slow: both.slow }),
    });
    const hanging = await waitFor(async () => {
      const agents = await agentsOf(sessionId);
      const done = agents.filter(({ status }) => status === 'completed');
      return done.length === 2 ? agents.find(({ status }) => status === 'running') : null;
    }, 'two replicas did not end');
    await cancel(sessionId, hanging.id);
    expect(await soundEnd(sessionId)).toBe('completed');
    expect((await runs.read(sessionId)).session.final_analysis).toBe('Together.');
  });

  test('a call that may have changed something is left with an unknown outcome', async () => {
    const sessionId = await runs.start({
      script: {
        rules: [
          {
            when: is('slow'),
            turn: {
              toolCalls: [
                { id: 'w', name: 'box__write', arguments: { path: '/dev/null', text: 'x', delayMs: 60_000 } },
              ],
            },
          },
        ],
        fallback: 'Nothing to do.\nNO',
      },
      config: {
        ...oneStage(
          { agents: ['quick', 'slow'] },
          { quick: { ...both.quick, type: 'action' }, slow: { ...both.slow, type: 'action' } },
        ),
        mcpServers: {
          box: { transport: { type: 'http', url: runs.box.url }, approval: { default: 'never' } },
        },
      },
    });
    await waitFor(async () => {
      const [call] = await rowsOf<{ status: string }>(
        runs.database,
        'select status from tool_call where session_id = $1',
        [sessionId],
      );
      return call?.status === 'running' ? true : null;
    }, 'the call did not start');
    const slow = (await agentsOf(sessionId)).find(({ agent }) => agent === 'slow');
    await cancel(sessionId, slow?.id ?? '');
    expect(await soundEnd(sessionId)).toBe('completed');
    expect((await runs.read(sessionId)).toolCalls).toMatchObject([{ status: 'unknown' }]);
    expect(
      await rowsOf(
        runs.database,
        `select actions_executed from stage where session_id = $1 and type = 'action'`,
        [sessionId],
      ),
    ).toEqual([{ actions_executed: true }]);
  });
});

describe('an agent that waits for people', () => {
  const asks = {
    toolCalls: [{ id: 'q', name: 'tars__ask_person', arguments: { question: 'Which one?' } }],
  };

  test('is ended at once when nobody holds the session, and the others are taken up', async () => {
    const sessionId = await runs.start({
      script: { rules: [{ when: is('slow', 0), turn: asks }], fallback: 'The key.' },
      config: oneStage({ agents: ['quick', 'slow'] }, both),
    });
    await waitFor(
      async () => ((await statusOf(runs.database, sessionId)) === 'waiting' ? true : null),
      'it does not wait',
    );
    const slow = await waitForAgent(sessionId, 'slow', 'waiting');
    expect(await cancel(sessionId, slow.id)).toEqual({ status: 'cancelled' });
    expect(await readPendingApprovals(runs.database.pool, sessionId)).toEqual([]);
    expect(await soundEnd(sessionId)).toBe('completed');
    expect(
      await rowsOf(runs.database, 'select status, decided_by from approval where session_id = $1', [
        sessionId,
      ]),
    ).toEqual([{ status: 'cancelled', decided_by: 'ana' }]);
  });

  test('is ended beside the others that are at work', async () => {
    const sessionId = await runs.start({
      script: {
        rules: [
          { when: is('slow', 0), turn: asks },
          { when: is('quick'), turn: { startGate: 'beside', text: 'The key.' } },
        ],
        fallback: 'The key.',
      },
      config: oneStage({ agents: ['quick', 'slow'] }, both),
    });
    const slow = await waitForAgent(sessionId, 'slow', 'waiting');
    expect(await cancel(sessionId, slow.id)).toEqual({ status: 'cancelling' });
    await waitForAgent(sessionId, 'slow', 'cancelled');
    expect(await statusOf(runs.database, sessionId)).toBe('running');
    runs.model.release('beside');
    expect(await soundEnd(sessionId)).toBe('completed');
  });
});

describe('agents and their sub-agents', () => {
  const dispatch = (name: string) => ({
    id: name,
    name: 'tars__dispatch_agent',
    arguments: { name, task: `look at the ${name}` },
  });
  const config = oneStage(
    { agents: ['lead', 'quick'] },
    {
      lead: { instructions: 'You are the lead.', subAgents: ['slow', 'asking'].map((name) => ({ name })) },
      asking: { description: 'Asks.', instructions: 'You are asking.' },
      ...both,
      slow: { ...both.slow, description: 'Slow.' },
    },
  );
  const script = {
    rules: [
      { when: is('the lead', 0), turn: { toolCalls: [dispatch('slow'), dispatch('asking')] } },
      { when: { ...is('the lead'), contains: 'wrong disk' }, turn: 'Then without the slow one.' },
      { when: is('the lead'), turn: 'Waiting for them.' },
      { when: is('slow'), turn: hangs },
      {
        when: is('asking', 0),
        turn: { toolCalls: [{ id: 'q', name: 'tars__ask_person', arguments: { question: 'Which?' } }] },
      },
    ],
    fallback: 'The key.',
  };

  test('a sub-agent alone: the agent that started it reads who and why, and goes on', async () => {
    const before = runs.model.requests.length;
    const sessionId = await runs.start({ script, config });
    const slow = await waitForAgent(sessionId, 'slow', 'running');
    const asking = await waitForAgent(sessionId, 'asking', 'waiting');
    await cancel(sessionId, slow.id, 'wrong disk');
    await waitForAgent(sessionId, 'slow', 'cancelled');
    // Now all that is left waits.
    await waitFor(
      async () => ((await statusOf(runs.database, sessionId)) === 'waiting' ? true : null),
      'it does not wait',
    );
    expect(await cancel(sessionId, asking.id)).toEqual({ status: 'cancelled' });
    expect(await soundEnd(sessionId)).toBe('completed');
    const told = JSON.stringify(runs.model.requests.slice(before).map(({ conversation }) => conversation));
    expect(told).toContain('cancelled by ana: wrong disk');
    expect((await standOf(sessionId)).slice(0, 4)).toEqual([
      ['lead', 'completed', null],
      ['quick', 'completed', null],
      ['slow', 'cancelled', 'cancelled by ana: wrong disk'],
      ['asking', 'cancelled', 'cancelled by ana'],
    ]);
  });

  test('an agent takes its sub-agents with it, those at work and those that wait', async () => {
    const sessionId = await runs.start({ script, config });
    await waitForAgent(sessionId, 'slow', 'running');
    await waitForAgent(sessionId, 'asking', 'waiting');
    const lead = (await agentsOf(sessionId)).find(({ agent }) => agent === 'lead');
    await cancel(sessionId, lead?.id ?? '', 'enough');
    expect(await soundEnd(sessionId)).toBe('completed');
    expect((await standOf(sessionId)).slice(0, 4)).toEqual([
      ['lead', 'cancelled', 'cancelled by ana: enough'],
      ['quick', 'completed', null],
      ['slow', 'cancelled', 'Its parent has ended.'],
      ['asking', 'cancelled', 'Its parent has ended.'],
    ]);
    expect((await runs.read(sessionId)).session.final_analysis).toBe('The key.');
  });
});

test('ids of other sessions and projects are not found', async () => {
  const { sessionId } = await runs.run({ script: ['Done.'] });
  const [agent] = await agentsOf(sessionId);
  const { sessionId: other } = await runs.run({ script: ['Done.'] });
  await expect(cancel(other, agent?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
  await expect(
    cancelExecution(runs.kernel, {
      projectId: '00000000-0000-7000-8000-000000000000',
      sessionId,
      executionId: agent?.id ?? '',
      actor: 'ana',
    }),
  ).rejects.toMatchObject({ code: 'not_found' });
  await expect(cancel(sessionId, agent?.id ?? '')).rejects.toMatchObject({ code: 'conflict' });
});
