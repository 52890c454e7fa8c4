import { join } from 'node:path';
import { expect } from 'vitest';
import { childrenOf } from '../mcp-servers/find-processes.ts';
import { rowsOf, statusOf, waitFor, waitForEnd } from '../runs.ts';
import type { CrashBed } from './crash-bed.ts';
import { crashTest, RESUME_LIMIT_MS } from './crash-test.ts';

/** A run that is handed back waits for the next sweep of another worker, not for its lease (15 s). */
const HAND_OVER_LIMIT_MS = 8_000;
/** A stop reaches the step boundary of a blocked stream at once; the rest is closing what is open. */
const STOP_LIMIT_MS = 10_000;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const lastSeq = async (bed: CrashBed): Promise<number> =>
  (
    await rowsOf<{ last_seq: number }>(bed.database, 'select last_seq from session order by arrival limit 1')
  )[0]?.last_seq ?? 0;

crashTest(
  'stopped with SIGTERM: the run is handed over at once, and nothing is left of the worker',
  {
    script: [
      {
        steps: [
          { type: 'text', text: 'Looking at ' },
          { type: 'block', gate: 'never' },
        ],
      },
      'The answer.',
    ],
  },
  async (bed) => {
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await bed.model.waitForBlocked('never', 30_000);
    const second = await bed.startWorker();
    const [host] = await rowsOf<{ queue_workers: string[] }>(
      bed.database,
      'select queue_workers from worker_host where id = $1',
      [first.hostId],
    );
    const children = childrenOf(first.pid);
    expect(children.length).toBeGreaterThan(0);
    first.signal('SIGTERM');
    await bed.model.waitForRequests(2, HAND_OVER_LIMIT_MS);
    expect(await within(first.exited, STOP_LIMIT_MS)).toEqual({ code: 0, signal: null });
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    expect(await rowsOf(bed.database, 'select id from worker_host')).toEqual([{ id: second.hostId }]);
    expect(
      await rowsOf(bed.database, 'select id from graphile_worker.jobs where locked_by = any($1)', [
        host?.queue_workers,
      ]),
    ).toEqual([]);
    expect(children.filter(isAlive)).toEqual([]);
    // Handing back is no failure of the run.
    expect(await rowsOf(bed.database, 'select attempts from session')).toEqual([{ attempts: 1 }]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'stopped with SIGTERM during tool calls: as after a crash, reading is repeated and writing is called unknown',
  {},
  async (bed) => {
    bed.model.setScript([
      {
        toolCalls: [
          { id: 'r', name: 'box__slow', arguments: { ms: 3_000 } },
          {
            id: 'w',
            name: 'box__write',
            arguments: { path: join(bed.directory, 'written'), text: 'once', delayMs: 30_000 },
          },
        ],
      },
      'The answer.',
    ]);
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await waitFor(
      async () => ((await bed.executed()).length === 2 ? true : null),
      'the tools did not start',
      30_000,
    );
    first.signal('SIGTERM');
    expect(await within(first.exited, STOP_LIMIT_MS)).toEqual({ code: 0, signal: null });
    await bed.startWorker();
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    expect((await bed.executed()).sort()).toEqual(['slow', 'slow', 'write']);
    const results = bed.model.requests[1]?.conversation.messages.flatMap((message) => message.toolResults);
    expect(results?.map((result) => result.text)).toEqual([
      expect.stringContaining('slept 3000 ms'),
      expect.stringContaining('Whether it took effect is unknown'),
    ]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'frozen until its lease was lost: it writes nothing after it wakes up, and works on',
  {
    script: [
      // Goes on while the worker is frozen, so that it has something to write when it wakes up.
      { text: 'A long answer that never ends. '.repeat(200), delayMs: 100 },
      'The answer.',
      'Another answer.',
    ],
  },
  async (bed) => {
    const frozen = await bed.startWorker();
    const sessionId = await bed.post();
    await waitFor(async () => ((await lastSeq(bed)) > 8 ? true : null), 'nothing was streamed', 30_000);
    frozen.signal('SIGSTOP');
    const second = await bed.startWorker();
    await bed.model.waitForRequests(2, RESUME_LIMIT_MS);
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    const end = await lastSeq(bed);
    frozen.signal('SIGCONT');
    await waitFor(
      () => (frozen.output().includes('another worker has taken it over') ? true : null),
      'the worker did not notice that it had lost the run',
    );
    await second.kill();
    const next = await bed.post();
    expect(await waitForEnd(bed.database, next)).toBe('completed');
    expect(await lastSeq(bed)).toBe(end);
    expect(await bed.violations(sessionId)).toEqual([]);
    expect(await bed.violations(next)).toEqual([]);
  },
);

crashTest(
  'frozen in the middle of a transaction: its rows are freed, and the run goes on elsewhere',
  { script: [{ text: 'The lost answer.', startDelayMs: 2_000 }, 'The answer.'] },
  async (bed) => {
    const frozen = await bed.startWorker();
    const sessionId = await bed.post();
    await bed.model.waitForRequests(1, 30_000);
    // Its next transaction gets no further than the lock of the session, which it is given while it is frozen.
    const holder = await bed.database.pool.connect();
    await holder.query('begin');
    await holder.query('select 1 from session where id = $1 for update', [sessionId]);
    await waitFor(
      async () => {
        const { rows } = await bed.database.pool.query(
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%for no key update%'`,
        );
        return rows[0];
      },
      'the worker did not come to the lock',
      30_000,
    );
    frozen.signal('SIGSTOP');
    await holder.query('rollback');
    holder.release();
    await bed.startWorker();
    await bed.model.waitForRequests(2, RESUME_LIMIT_MS);
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    frozen.signal('SIGCONT');
    await waitFor(
      () => (frozen.output().includes('run stopped') ? true : null),
      'the worker did not notice that its connection was gone',
    );
    expect(await statusOf(bed.database, sessionId)).toBe('completed');
    expect(await rowsOf(bed.database, 'select final_analysis from session')).toEqual([
      { final_analysis: 'The answer.' },
    ]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

function within<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  return Promise.race([
    promise,
    new Promise<never>((_resolve, reject) =>
      setTimeout(() => reject(new Error(`not within ${limitMs} ms`)), limitMs).unref(),
    ),
  ]);
}
