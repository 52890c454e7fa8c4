import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { decideApproval } from '#src/features/approvals/server/index.ts';
import { readPendingApprovals } from '#src/features/sessions/server/index.ts';
import { rowsOf, statusOf, waitFor, waitForEnd } from '../runs.ts';
import type { CrashBed } from './crash-bed.ts';
import { crashTest, RESUME_LIMIT_MS } from './crash-test.ts';

async function waitUntilItWaits(bed: CrashBed, sessionId: string): Promise<string> {
  return waitFor(
    async () => {
      if ((await statusOf(bed.database, sessionId)) !== 'waiting') return null;
      const [approval] = await readPendingApprovals(bed.database.pool, sessionId);
      return approval?.id;
    },
    'the session did not wait',
    RESUME_LIMIT_MS,
  );
}

const approve = (bed: CrashBed, approvalId: string) =>
  decideApproval(bed.kernel, {
    projectId: bed.projectId,
    approvalId,
    actor: 'ana',
    decision: 'approve',
    scope: 'once',
  });
const written = (path: string) => readFile(path, 'utf8').catch(() => '');

crashTest(
  'no worker is there any more when the person decides: a new one makes exactly that call, once',
  { box: { approval: { default: 'annotations' } } },
  async (bed) => {
    const path = join(bed.directory, 'written');
    bed.model.setScript([
      { toolCalls: [{ id: 'w', name: 'box__write', arguments: { path, text: 'password=hunter2-exactly' } }] },
      'Done.',
    ]);
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    const approvalId = await waitUntilItWaits(bed, sessionId);
    await first.kill();
    await approve(bed, approvalId);
    expect(await written(path)).toBe('');
    await bed.startWorker();
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    expect(await written(path)).toBe('password=hunter2-exactly\n');
    expect(await bed.executed()).toEqual(['write']);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed while the approved call runs: it is not made again, and its outcome is called unknown',
  { box: { approval: { default: 'annotations' } } },
  async (bed) => {
    const path = join(bed.directory, 'written');
    bed.model.setScript([
      { toolCalls: [{ id: 'w', name: 'box__write', arguments: { path, text: 'once', delayMs: 60_000 } }] },
      'Checked.',
    ]);
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await approve(bed, await waitUntilItWaits(bed, sessionId));
    await waitFor(async () => ((await written(path)) === '' ? null : true), 'the call was not made');
    await first.kill();
    await bed.startWorker();
    expect(await waitForEnd(bed.database, sessionId, RESUME_LIMIT_MS + 10_000)).toBe('completed');
    expect(await written(path)).toBe('once\n');
    expect(await bed.executed()).toEqual(['write']);
    expect(
      await rowsOf(bed.database, 'select status from tool_call where session_id = $1', [sessionId]),
    ).toEqual([{ status: 'unknown' }]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'everything is restarted while an agent is paused: the decision is taken without a worker, and it goes on where it stopped',
  { config: { defaults: { llmProvider: 'main', maxIterations: 2, onIterationLimit: 'pause' } } },
  async (bed) => {
    const look = (id: string) => ({
      toolCalls: [{ id, name: 'box__echo', arguments: { text: id } }],
    });
    bed.model.setScript([look('a'), look('b'), look('c'), 'Found it.']);
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    const approvalId = await waitUntilItWaits(bed, sessionId);
    await first.kill();
    const idle = await bed.startWorker();
    await idle.kill();
    expect(await statusOf(bed.database, sessionId)).toBe('waiting');
    await decideApproval(bed.kernel, {
      projectId: bed.projectId,
      approvalId,
      actor: 'ana',
      decision: 'continue',
      iterations: 2,
      scope: 'once',
    });
    await bed.startWorker();
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    expect(bed.model.requests).toHaveLength(4);
    expect(await bed.executed()).toEqual(['echo', 'echo', 'echo']);
    expect(
      await rowsOf(
        bed.database,
        'select status, at_iterations, granted_iterations, decided_by from approval where session_id = $1',
        [sessionId],
      ),
    ).toEqual([{ status: 'approved', at_iterations: 2, granted_iterations: 2, decided_by: 'ana' }]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed with the extra iterations half used: they are counted from the rows, and it asks again once',
  { config: { defaults: { llmProvider: 'main', maxIterations: 1, onIterationLimit: 'pause' } } },
  async (bed) => {
    const look = (id: string) => ({ toolCalls: [{ id, name: 'box__echo', arguments: { text: id } }] });
    let isSlow = true;
    bed.model.setScript(({ assistantTurns }) => {
      if (assistantTurns === 2 && isSlow) return { startGate: 'never', text: 'Late.' };
      return assistantTurns < 3 ? look(`c${assistantTurns}`) : 'All I know.';
    });
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    const decide = (approvalId: string, decision: 'continue' | 'conclude') =>
      decideApproval(bed.kernel, {
        projectId: bed.projectId,
        approvalId,
        actor: 'ana',
        decision,
        ...(decision === 'continue' ? { iterations: 2 } : {}),
        scope: 'once',
      });
    await decide(await waitUntilItWaits(bed, sessionId), 'continue');
    await bed.model.waitForBlocked('never', RESUME_LIMIT_MS);
    await first.kill();
    isSlow = false;
    await bed.startWorker();
    await decide(await waitUntilItWaits(bed, sessionId), 'conclude');
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    expect(
      await rowsOf(
        bed.database,
        'select status, at_iterations from approval where session_id = $1 order by at_iterations',
        [sessionId],
      ),
    ).toEqual([
      { status: 'approved', at_iterations: 1 },
      { status: 'denied', at_iterations: 3 },
    ]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed after it asked and before it was put aside: the request stays, and is asked once',
  {
    box: { approval: { default: 'annotations' } },
    config: {
      agents: { fixer: { instructions: 'You are a fixer' }, slow: { instructions: 'You are slow' } },
      chains: {
        kubernetes: {
          alertTypes: ['kubernetes'],
          stages: [{ name: 'look', agents: ['fixer', 'slow'], successPolicy: 'all' }],
          executiveSummary: { enabled: false },
        },
      },
    },
  },
  async (bed) => {
    const path = join(bed.directory, 'written');
    let isSlow = true;
    bed.model.setScript(({ conversation, assistantTurns }) => {
      if (conversation.system.includes('You are slow'))
        return isSlow ? { startGate: 'never', text: 'Late.' } : 'Looked.';
      if (!conversation.system.includes('You are a fixer')) return 'Both.';
      if (assistantTurns > 0) return 'Fixed.';
      return { toolCalls: [{ id: 'w', name: 'box__write', arguments: { path, text: 'fixed' } }] };
    });
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await waitFor(
      async () => (await readPendingApprovals(bed.database.pool, sessionId))[0],
      'nothing was asked',
      RESUME_LIMIT_MS,
    );
    await bed.model.waitForBlocked('never');
    await first.kill();
    isSlow = false;
    await bed.startWorker();
    const approvalId = await waitUntilItWaits(bed, sessionId);
    expect(
      await rowsOf(bed.database, 'select status from approval where session_id = $1', [sessionId]),
    ).toEqual([{ status: 'pending' }]);
    await approve(bed, approvalId);
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    expect(await bed.executed()).toEqual(['write']);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed while sub-agents work: they go on, none is started twice, and each is reported once',
  {
    config: {
      agents: {
        lead: { instructions: 'You lead.', subAgents: [{ name: 'net' }, { name: 'disk' }] },
        net: { description: 'Network checks.', instructions: 'You check the network.' },
        disk: { description: 'Disk checks.', instructions: 'You check disks.' },
      },
      chains: {
        kubernetes: {
          alertTypes: ['kubernetes'],
          stages: [{ name: 'look', agents: ['lead'] }],
          executiveSummary: { enabled: false },
        },
      },
    },
  },
  async (bed) => {
    let isSlow = true;
    const dispatch = (id: string, name: string) => ({
      id,
      name: 'tars__dispatch_agent',
      arguments: { name, task: `check the ${name}` },
    });
    bed.model.setScript(({ conversation, assistantTurns }) => {
      if (conversation.system.includes('the network')) return 'The network is fine.';
      if (conversation.system.includes('You check disks'))
        return isSlow ? { startGate: 'never', text: 'Late.' } : 'The disk is full.';
      const heard = conversation.messages.map(({ text }) => text).join('\n');
      if (assistantTurns === 0) return { toolCalls: [dispatch('a', 'net'), dispatch('b', 'disk')] };
      return heard.includes('disk is full') ? 'It was the disk.' : 'Waiting.';
    });
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await waitFor(
      async () => {
        const [row] = await rowsOf(
          bed.database,
          `select 1 as found from execution where session_id = $1 and agent = 'net' and delivered_at is not null`,
          [sessionId],
        );
        return row;
      },
      'the first result was not reported',
      RESUME_LIMIT_MS,
    );
    await bed.model.waitForBlocked('never');
    await first.kill();
    isSlow = false;
    await bed.startWorker();
    expect(await waitForEnd(bed.database, sessionId, RESUME_LIMIT_MS + 10_000)).toBe('completed');
    expect(
      await rowsOf(
        bed.database,
        `select agent, status::text, delivered_at is not null as delivered from execution
         where session_id = $1 and parent_execution_id is not null order by index`,
        [sessionId],
      ),
    ).toEqual([
      { agent: 'net', status: 'completed', delivered: true },
      { agent: 'disk', status: 'completed', delivered: true },
    ]);
    const [messages] = await rowsOf<{ reports: number }>(
      bed.database,
      `select count(*)::int as reports from message m join execution e on e.id = m.execution_id
       where e.session_id = $1 and e.agent = 'lead' and m.role = 'user' and m.content->>'content' like '%network is fine%'`,
      [sessionId],
    );
    expect(messages?.reports).toBe(1);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'the time limit of a sub-agent goes on with the next worker, from its first start',
  {
    config: {
      agents: {
        lead: { instructions: 'You lead.', subAgents: [{ name: 'disk' }] },
        disk: { description: 'Disk checks.', instructions: 'You check disks.' },
      },
      chains: {
        kubernetes: {
          alertTypes: ['kubernetes'],
          stages: [{ name: 'look', agents: ['lead'] }],
          executiveSummary: { enabled: false },
          subAgentLimits: { timeout: '10m' },
        },
      },
    },
  },
  async (bed) => {
    const call = { id: 'a', name: 'tars__dispatch_agent', arguments: { name: 'disk', task: 'check it' } };
    bed.model.setScript(({ conversation, assistantTurns }) => {
      if (conversation.system.includes('You check disks')) return { startGate: 'never', text: 'Late.' };
      if (assistantTurns === 0) return { toolCalls: [call] };
      return conversation.messages.some(({ text }) => text.includes('timed_out'))
        ? 'Without it.'
        : 'Waiting.';
    });
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await bed.model.waitForBlocked('never', 30_000);
    await first.kill();
    await bed.database.pool.query(
      `update execution set started_at = now() - interval '11 minutes' where session_id = $1 and agent = 'disk'`,
      [sessionId],
    );
    await bed.startWorker();
    expect(await waitForEnd(bed.database, sessionId, RESUME_LIMIT_MS + 10_000)).toBe('completed');
    expect(
      await rowsOf(bed.database, `select status::text, error from execution where agent = 'disk'`),
    ).toEqual([{ status: 'timed_out', error: 'It exceeded its time limit of 600 s.' }]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed between the agents of a stage and their synthesis: the agents are not run again',
  {
    config: {
      agents: { quick: { instructions: 'You are quick.' }, careful: { instructions: 'You are careful.' } },
      chains: {
        kubernetes: {
          alertTypes: ['kubernetes'],
          stages: [{ name: 'look', agents: ['quick', 'careful'] }],
          executiveSummary: { enabled: false },
        },
      },
    },
  },
  async (bed) => {
    let isSlow = true;
    bed.model.setScript(({ conversation }) => {
      const task = conversation.messages[0]?.text ?? '';
      if (!task.startsWith('TARS-TASK: synthesis')) return 'The key.';
      return isSlow ? { startGate: 'never', text: 'Late.' } : 'Together: the key.';
    });
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await bed.model.waitForBlocked('never', RESUME_LIMIT_MS);
    await first.kill();
    isSlow = false;
    await bed.startWorker();
    expect(await waitForEnd(bed.database, sessionId, RESUME_LIMIT_MS + 10_000)).toBe('completed');
    const [session] = await rowsOf<{ final_analysis: string }>(
      bed.database,
      'select final_analysis from session where id = $1',
      [sessionId],
    );
    expect(session?.final_analysis).toBe('Together: the key.');
    expect(bed.model.requests).toHaveLength(4);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);
