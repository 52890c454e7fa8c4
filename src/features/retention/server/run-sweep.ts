import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Sql } from '#src/server/db/database.ts';
import { lockKeys } from '#src/server/db/lock-keys.ts';
import { errorMessage } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { type RemovedCounts, type RetentionKind, retentionKinds } from '../schema.ts';
import { agesOf } from './due.ts';
import { START } from './lock-due-sessions.ts';
import {
  type Batch,
  deleteAlerts,
  deleteSessions,
  deleteUsage,
  removeEvents,
  removeLogs,
} from './remove-batches.ts';
import { BATCH_PAUSE_MS, LOCK_TIMEOUT_MS, SWEEP_MAX_BATCHES } from './tunables.ts';

type Step = {
  kind: RetentionKind;
  age: keyof ReturnType<typeof agesOf>;
  run(sql: Sql, walk: { ageMs: number; after: typeof START }): Promise<Batch>;
};

/** Whole sessions first: nothing is tidied in what goes anyway. Alerts after them, since sessions keep them. */
const STEPS: readonly Step[] = [
  { kind: 'sessions', age: 'sessions', run: deleteSessions },
  { kind: 'calls', age: 'logs', run: removeLogs },
  { kind: 'events', age: 'events', run: removeEvents },
  { kind: 'alerts', age: 'alerts', run: deleteAlerts },
  { kind: 'usage', age: 'usage', run: deleteUsage },
];

/**
 * Removes everything that is older than `retention` allows, in small transactions, each of which is complete: killed at any
 * point, the next sweep goes on with what is left. One at a time in the whole installation. Ends early when `signal` aborts.
 * Returns what was removed; null when another process is sweeping, or when `unless` (asked under the lock) says so.
 */
export async function runSweep(
  kernel: Kernel,
  options: { signal: AbortSignal; unless?: (sql: Sql) => Promise<boolean> },
): Promise<RemovedCounts | null> {
  const holder = new pg.Client({ connectionString: kernel.database.url, keepAlive: true });
  const lost = new AbortController();
  // Whoever loses the connection has lost the lock; another one may be sweeping already.
  holder.on('error', () => lost.abort());
  try {
    await holder.connect();
    const { rows } = await holder.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [
      lockKeys.retention,
    ]);
    if (!rows[0]?.held || (await options.unless?.(holder))) return null;
    return await sweep(kernel, AbortSignal.any([options.signal, lost.signal]));
  } finally {
    await holder.end().catch(() => undefined);
  }
}

async function sweep(kernel: Kernel, signal: AbortSignal): Promise<RemovedCounts> {
  const { pool } = kernel.database;
  await pool.query(
    `insert into retention_sweep (id, started_at) values (1, now())
     on conflict (id) do update set started_at = now(), ended_at = null, error = null,
       ${retentionKinds.map((kind) => `${kind} = 0`).join(', ')}`,
  );
  const removed: RemovedCounts = { sessions: 0, events: 0, calls: 0, alerts: 0, usage: 0 };
  try {
    let batches = 0;
    for (const step of STEPS) batches = await runStep(kernel, { step, signal, removed, batches });
    if (!signal.aborted) await pool.query('update retention_sweep set ended_at = now() where id = 1');
    kernel.log.info({ ...removed, batches, cutShort: signal.aborted }, 'retention sweep');
    return removed;
  } catch (error) {
    await pool
      .query('update retention_sweep set ended_at = now(), error = $1 where id = 1', [errorMessage(error)])
      .catch(() => undefined);
    throw error;
  }
}

/** Batch after batch of one kind; adds to `removed` and returns the number of batches so far. */
async function runStep(
  kernel: Kernel,
  options: { step: Step; signal: AbortSignal; removed: RemovedCounts; batches: number },
): Promise<number> {
  const { step, signal, removed } = options;
  let { batches } = options;
  let after: typeof START | null = START;
  while (after && !signal.aborted && batches < SWEEP_MAX_BATCHES) {
    const from: typeof START = after;
    const batch = await kernel.database.transaction(async (sql) => {
      await sql.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
      const ageMs = agesOf(kernel.config.current())[step.age];
      const done = await step.run(sql, { ageMs, after: from });
      if (done.removed > 0) await addRemoved(sql, step.kind, done.removed);
      return done;
    });
    removed[step.kind] += batch.removed;
    batches += 1;
    after = batch.next;
    if (after) await pause(BATCH_PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
  return batches;
}

/** In the batch's own transaction: what is counted has been removed, and what was removed is counted. */
async function addRemoved(sql: Sql, kind: RetentionKind, count: number): Promise<void> {
  await sql.query(
    `update retention_sweep set ${kind} = ${kind} + $1, total_${kind} = total_${kind} + $1 where id = 1`,
    [count],
  );
}
