import { expect } from 'vitest';
import { cancelExecution } from '#src/features/approvals/server/cancel-execution.ts';
import { rowsOf, statusOf, waitFor, waitForEnd } from '../runs.ts';
import type { CrashBed } from './crash-bed.ts';
import { crashTest, RESUME_LIMIT_MS } from './crash-test.ts';

const config = {
  agents: { quick: { instructions: 'You are quick.' }, slow: { instructions: 'You are slow.' } },
  chains: {
    kubernetes: {
      alertTypes: ['kubernetes'],
      stages: [{ name: 'look', agents: ['quick', 'slow'] }],
      executiveSummary: { enabled: false },
    },
  },
};

/** `slow` begins to speak and never ends; `quick` waits for its gate. */
function script(bed: CrashBed): void {
  bed.model.setScript(({ conversation }) => {
    if (conversation.system.includes('You are slow.'))
      return {
        steps: [
          { type: 'text', text: 'Looking at ' },
          { type: 'block', gate: 'never' },
        ],
      };
    if (conversation.system.includes('You are quick.')) return { startGate: 'quick', text: 'The key.' };
    return 'So it is the key.';
  });
}

const agentOf = async (bed: CrashBed, sessionId: string, agent: string) => {
  const [row] = await rowsOf<{ id: string; status: string; error: string | null }>(
    bed.database,
    'select id, status, error from execution where session_id = $1 and agent = $2',
    [sessionId, agent],
  );
  if (!row) throw new Error(`no agent ${agent}`);
  return row;
};

const cancel = (bed: CrashBed, sessionId: string, executionId: string) =>
  cancelExecution(bed.kernel, {
    projectId: bed.projectId,
    sessionId,
    executionId,
    reason: 'wrong cluster',
    actor: 'ana',
  });

crashTest(
  'an agent is cancelled from another process: it stops while its sibling goes on',
  { config },
  async (bed) => {
    script(bed);
    await bed.startWorker();
    const sessionId = await bed.post();
    await bed.model.waitForBlocked('never', RESUME_LIMIT_MS);
    const { id } = await agentOf(bed, sessionId, 'slow');
    expect(await cancel(bed, sessionId, id)).toEqual({ status: 'cancelling' });
    await waitFor(
      async () => ((await agentOf(bed, sessionId, 'slow')).status === 'cancelled' ? true : null),
      'it was not cancelled',
    );
    expect(await statusOf(bed.database, sessionId)).toBe('running');
    expect((await agentOf(bed, sessionId, 'quick')).status).toBe('running');
    bed.model.release('quick');
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    expect(
      await rowsOf(
        bed.database,
        `select content from timeline_item where execution_id = $1 and type = 'response' and status = 'cancelled'`,
        [id],
      ),
    ).toEqual([{ content: 'Looking at ' }]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed right after the command, before it could act on it: whoever takes the session over honours it',
  { config },
  async (bed) => {
    script(bed);
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await bed.model.waitForBlocked('never', RESUME_LIMIT_MS);
    const { id } = await agentOf(bed, sessionId, 'slow');
    // Frozen, it hears of nothing any more.
    first.signal('SIGSTOP');
    expect(await cancel(bed, sessionId, id)).toEqual({ status: 'cancelling' });
    expect(await cancel(bed, sessionId, id)).toEqual({ status: 'cancelling' });
    await first.kill();
    bed.model.release('quick');
    await bed.startWorker();
    expect(await waitForEnd(bed.database, sessionId, RESUME_LIMIT_MS + 10_000)).toBe('completed');
    expect(await agentOf(bed, sessionId, 'slow')).toEqual({
      id,
      status: 'cancelled',
      error: 'cancelled by ana: wrong cluster',
    });
    // It was not asked again: one request of slow, one of quick per worker, the synthesis.
    const ofSlow = bed.model.requests.filter(({ conversation }) =>
      conversation.system.includes('You are slow.'),
    );
    expect(ofSlow).toHaveLength(1);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);
