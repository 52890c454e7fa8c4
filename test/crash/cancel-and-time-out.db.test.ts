import { expect } from 'vitest';
import { cancelSession, MAX_RUN_ATTEMPTS } from '#src/features/sessions/server/index.ts';
import { rowsOf, statusOf, waitFor, waitForEnd } from '../runs.ts';
import type { CrashBed } from './crash-bed.ts';
import { crashTest } from './crash-test.ts';

const blocked = {
  steps: [
    { type: 'text' as const, text: 'Looking at ' },
    { type: 'block' as const, gate: 'never' },
  ],
};
/** How soon a running session has to be over after its cancellation. */
const CANCEL_LIMIT_MS = 2_000;

const cancel = ({ kernel, projectId }: CrashBed, sessionId: string, actor = 'ann') =>
  cancelSession(kernel, { projectId, sessionId, actor });

const conflict = expect.objectContaining({ code: 'conflict' });

crashTest(
  'cancelled while pending: it never starts, and cancelling it again is a conflict',
  {},
  async (bed) => {
    const sessionId = await bed.post();
    expect(await cancel(bed, sessionId)).toEqual({ status: 'cancelled' });
    await expect(cancel(bed, sessionId)).rejects.toEqual(conflict);
    const worker = await bed.startWorker();
    await waitFor(async () => {
      const jobs = await rowsOf(bed.database, 'select 1 from graphile_worker.jobs');
      return jobs.length === 0 ? true : null;
    }, 'the job of the cancelled session stayed');
    expect(worker.output()).not.toContain('session started');
    expect(bed.model.requests).toHaveLength(0);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'cancelled in a blocked stream: over within two seconds, the request is dropped, two at once do no harm',
  { script: [blocked] },
  async (bed) => {
    const worker = await bed.startWorker();
    const sessionId = await bed.post();
    await bed.model.waitForBlocked('never', 30_000);
    // Frozen meanwhile: it is faster than the second of the two.
    worker.signal('SIGSTOP');
    const answers = await Promise.all([cancel(bed, sessionId, 'ann'), cancel(bed, sessionId, 'bob')]);
    expect(answers).toEqual([{ status: 'cancelling' }, { status: 'cancelling' }]);
    worker.signal('SIGCONT');
    expect(await waitForEnd(bed.database, sessionId, CANCEL_LIMIT_MS)).toBe('cancelled');
    expect(bed.model.requests[0]?.outcome).not.toBe('answered');
    const [row] = await rowsOf(bed.database, 'select status_reason from session');
    expect(row?.status_reason).toMatch(/^cancelled by (ann|bob)$/);
    await expect(cancel(bed, sessionId)).rejects.toEqual(conflict);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'cancelled during calls: they count as made, and the outcome of one that writes is called unknown',
  {},
  async (bed) => {
    bed.model.setScript([
      {
        toolCalls: [
          {
            name: 'box__write',
            arguments: { path: `${bed.directory}/written`, text: 'once', delayMs: 30_000 },
          },
          { name: 'box__slow', arguments: { ms: 30_000 } },
        ],
      },
    ]);
    await bed.startWorker();
    const sessionId = await bed.post();
    await waitFor(
      async () => ((await bed.executed()).length === 2 ? true : null),
      'the tools did not start',
      30_000,
    );
    await cancel(bed, sessionId);
    expect(await waitForEnd(bed.database, sessionId, CANCEL_LIMIT_MS)).toBe('cancelled');
    const calls = await rowsOf(bed.database, 'select tool, status from tool_call order by index');
    expect(calls).toEqual([
      { tool: 'write', status: 'unknown' },
      { tool: 'slow', status: 'cancelled' },
    ]);
    expect(await rowsOf(bed.database, 'select tool_calls from session')).toEqual([{ tool_calls: 2 }]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'cancelled while no worker has it: over at once, with everything below it, and a cut-off write is unknown',
  {},
  async (bed) => {
    bed.model.setScript([
      {
        toolCalls: [
          {
            name: 'box__write',
            arguments: { path: `${bed.directory}/written`, text: 'once', delayMs: 30_000 },
          },
          { name: 'box__slow', arguments: { ms: 30_000 } },
        ],
      },
    ]);
    const worker = await bed.startWorker();
    const sessionId = await bed.post();
    await waitFor(
      async () => ((await bed.executed()).length === 2 ? true : null),
      'the tools did not start',
      30_000,
    );
    await worker.kill();
    // As a run stands that waits for a person's decision.
    await bed.database.pool.query(
      `update session set status = 'waiting', lease_owner = null, lease_heartbeat_at = null where id = $1`,
      [sessionId],
    );
    expect(await cancel(bed, sessionId)).toEqual({ status: 'cancelled' });
    expect(await statusOf(bed.database, sessionId)).toBe('cancelled');
    expect(await rowsOf(bed.database, 'select tool, status from tool_call order by index')).toEqual([
      { tool: 'write', status: 'unknown' },
      { tool: 'slow', status: 'cancelled' },
    ]);
    expect(await rowsOf(bed.database, 'select tool_calls from session')).toEqual([{ tool_calls: 2 }]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'cancelled while its last step is written: it ends cancelled at once',
  { script: ['The answer.'] },
  async (bed) => {
    const { projectId, kernel, database } = bed;
    // The cancellation comes in the transaction of the last step, so the worker finds out when it writes the end.
    await database.pool.query(
      `create function test_cancel() returns trigger language plpgsql as $$ begin
       update session set status = 'cancelling', status_reason = 'cancelled by ann' where id = new.session_id;
       return null; end $$;
     create trigger test_cancel after update on stage for each row when (new.completed_at is not null)
       execute function test_cancel()`,
    );
    await bed.startWorker();
    const sessionId = await bed.post();
    expect(await waitForEnd(database, sessionId, 10_000)).toBe('cancelled');
    await expect(cancelSession(kernel, { projectId, sessionId, actor: 'ann' })).rejects.toEqual(conflict);
  },
);

crashTest(
  'over its time limit: timed out with everything below it, and the stream is dropped',
  { script: [blocked], config: { queue: { sessionTimeout: '3s' } } },
  async (bed) => {
    await bed.startWorker();
    const sessionId = await bed.post();
    await bed.model.waitForBlocked('never', 30_000);
    expect(await waitForEnd(bed.database, sessionId, 10_000)).toBe('timed_out');
    const below = await rowsOf(
      bed.database,
      `select status::text from stage union all select status::text from execution union all select status from timeline_item`,
    );
    expect(below.map((row) => row.status)).toEqual(['timed_out', 'timed_out', 'timed_out']);
    expect(await rowsOf(bed.database, 'select error from session')).toEqual([
      { error: expect.stringContaining('time limit of 3 s') },
    ]);
    await waitFor(
      () => (bed.model.requests[0]?.outcome === 'open' ? null : true),
      'the request of the timed-out run stayed open',
    );
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'its time limit nearly over: it concludes with what it has instead of being timed out',
  {
    config: { queue: { sessionTimeout: '8s' } },
    script: ({ assistantTurns, conversation }) =>
      conversation.messages.at(-1)?.text?.includes('is nearly over')
        ? 'What I know so far.'
        : {
            startDelayMs: 500,
            toolCalls: [{ name: 'box__add', arguments: { a: assistantTurns, b: 1 } }],
          },
  },
  async (bed) => {
    await bed.startWorker();
    const sessionId = await bed.post();
    expect(await waitForEnd(bed.database, sessionId, 20_000)).toBe('completed');
    expect(await rowsOf(bed.database, 'select final_analysis, status_reason from session')).toEqual([
      { final_analysis: 'What I know so far.', status_reason: 'budget:time' },
    ]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'over its time limit in a later stage: what the first one found is the analysis',
  {
    script: ['The first finding.', blocked],
    config: {
      queue: { sessionTimeout: '6s' },
      chains: {
        kubernetes: {
          alertTypes: ['kubernetes'],
          stages: [
            { name: 'look', agents: ['kubernetes'] },
            { name: 'dig', agents: ['kubernetes'] },
          ],
          executiveSummary: { enabled: false },
        },
      },
    },
  },
  async (bed) => {
    await bed.startWorker();
    const sessionId = await bed.post();
    expect(await waitForEnd(bed.database, sessionId, 20_000)).toBe('timed_out');
    expect(await rowsOf(bed.database, 'select final_analysis from session')).toEqual([
      { final_analysis: 'The first finding.' },
    ]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'a session that has lost its worker again and again is given up',
  { script: [blocked] },
  async (bed) => {
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await bed.model.waitForBlocked('never', 30_000);
    await first.kill();
    await bed.database.pool.query(
      `update session set attempts = $2, lease_heartbeat_at = now() - interval '1 minute' where id = $1`,
      [sessionId, MAX_RUN_ATTEMPTS],
    );
    await bed.startWorker();
    expect(await waitForEnd(bed.database, sessionId, 10_000)).toBe('failed');
    expect(bed.model.requests).toHaveLength(1);
    const [row] = await rowsOf(bed.database, 'select error from session');
    expect(row?.error).toBe(`Given up: the run was interrupted ${MAX_RUN_ATTEMPTS} times.`);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);
