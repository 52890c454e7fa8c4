import type { WorkerUtils } from 'graphile-worker';
import {
  findAbandonedSessions,
  findPendingSession,
  runSessionJob,
} from '#src/features/sessions/server/index.ts';
import { beatWorkerHost, findDeadQueueWorkers, type WorkerHost } from '#src/features/system/server/index.ts';
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
