import type { WorkerUtils } from 'graphile-worker';
import {
  findAbandonedSessions,
  findPendingSession,
  runSessionJob,
} from '#src/features/sessions/server/index.ts';
import { beatWorkerHost, findDeadQueueWorkers, type WorkerHost } from '#src/features/system/server/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import { addJob } from '#src/server/jobs/define-job.ts';
import { SWEEP_INTERVAL_MS } from './tunables.ts';
import { hasCapacity, type WorkerState } from './worker-state.ts';

/**
 * Keeps the queue alive whatever dies: renews this process's heartbeat, frees jobs that dead workers hold, has abandoned
 * sessions taken over, and starts pending ones that no job speaks for. Each step may run in several workers at once.
 */
export function startSweeping(options: { state: WorkerState; host: () => WorkerHost; utils: WorkerUtils }): {
  close(): Promise<void>;
} {
  const { state, host, utils } = options;
  const { pool } = state.kernel.database;
  let working: Promise<void> = Promise.resolve();

  const sweep = async () => {
    await beatWorkerHost(pool, host());
    const dead = await findDeadQueueWorkers(pool);
    if (dead.length > 0) await utils.forceUnlockWorkers(dead);
    const spent = await findSpentJobs(pool);
    if (spent.length > 0) await utils.completeJobs(spent);
    if (!hasCapacity(state)) return;
    for (const sessionId of await findAbandonedSessions(pool)) {
      await addJob(pool, runSessionJob, { sessionId }, { key: `run-session:${sessionId}` });
    }
    const pending = await findPendingSession(pool, state.kernel.config.current().queue.maxRunningSessions);
    if (pending) await addJob(pool, runSessionJob, { sessionId: pending }, { key: `run-session:${pending}` });
  };
  const tick = () => {
    working = working.then(sweep).catch((error: unknown) => {
      state.kernel.log.warn({ err: error }, 'sweep failed; it is tried again');
    });
  };
  const timer = setInterval(tick, SWEEP_INTERVAL_MS);
  tick();
  return {
    async close() {
      clearInterval(timer);
      await working;
    },
  };
}

/**
 * Jobs without attempts left, which the queue would keep for ever. A job that a killed worker held becomes one when its
 * session gets a new job. Nothing is lost with them: sessions are found by their own rows.
 */
async function findSpentJobs(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `select id::text from graphile_worker.jobs
     where task_identifier = $1 and attempts >= max_attempts and locked_at is null limit 1000`,
    [runSessionJob.name],
  );
  return rows.map((row) => row.id);
}
