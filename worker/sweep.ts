import type { WorkerUtils } from 'graphile-worker';
import { expireApprovals } from '#src/features/approvals/server/index.ts';
import { runDueChecks } from '#src/features/checks/server/index.ts';
import {
  enqueueFollowUp,
  type FollowUpLane,
  findAbandonedFollowUps,
  findPendingFollowUp,
} from '#src/features/follow-ups/server/index.ts';
import { enqueueNotification, findStrandedNotifications } from '#src/features/notifications/server/index.ts';
import {
  findAbandonedSessions,
  findPendingSession,
  runSessionJob,
} from '#src/features/sessions/server/index.ts';
import {
  beatWorkerHost,
  findDeadQueueWorkers,
  reportWorkerMetrics,
  type WorkerHost,
} from '#src/features/system/server/index.ts';
import { addJob } from '#src/server/jobs/define-job.ts';
import { reportMetrics } from '#src/server/metrics.ts';
import { sweepSpentJobs } from './sweep-spent-jobs.ts';
import { METRICS_REPORT_MS, SWEEP_INTERVAL_MS } from './tunables.ts';
import { hasCapacity, hasLaneCapacity, type WorkerState } from './worker-state.ts';

/**
 * Keeps the queue alive whatever dies: renews this process's heartbeat, frees jobs that dead workers hold, has abandoned
 * sessions and follow-ups taken over, lets requests for approval expire, takes due checks, and starts pending ones that no job speaks for. Each
 * step may run in several workers at once.
 */
export function startSweeping(options: { state: WorkerState; host: () => WorkerHost; utils: WorkerUtils }): {
  close(): Promise<void>;
} {
  const { state, host, utils } = options;
  const { pool } = state.kernel.database;
  let working: Promise<void> = Promise.resolve();
  let reportedAtMs = Number.NEGATIVE_INFINITY;

  const reportCounts = async () => {
    const nowMs = performance.now();
    if (nowMs - reportedAtMs < METRICS_REPORT_MS) return;
    reportedAtMs = nowMs;
    await reportWorkerMetrics(pool, { id: host().id, metrics: await reportMetrics(state.kernel.metrics) });
  };

  const sweep = async () => {
    await beatWorkerHost(pool, host());
    await reportCounts();
    const dead = await findDeadQueueWorkers(pool);
    if (dead.length > 0) await utils.forceUnlockWorkers(dead);
    await sweepSpentJobs(state.kernel);
    await expireApprovals(state.kernel.database);
    await runDueChecks(state.kernel);
    await sweepSessions(state);
    for (const lane of ['chat', 'review'] as const) await sweepFollowUps(state, lane);
    for (const stranded of await findStrandedNotifications(pool)) await enqueueNotification(pool, stranded);
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

async function sweepSessions(state: WorkerState): Promise<void> {
  if (!hasCapacity(state)) return;
  const { pool } = state.kernel.database;
  for (const sessionId of await findAbandonedSessions(pool)) {
    await addJob(pool, runSessionJob, { sessionId }, { key: `run-session:${sessionId}` });
  }
  const pending = await findPendingSession(pool, state.kernel.config.current().queue.maxRunningSessions);
  if (pending) await addJob(pool, runSessionJob, { sessionId: pending }, { key: `run-session:${pending}` });
}

async function sweepFollowUps(state: WorkerState, lane: FollowUpLane): Promise<void> {
  if (!hasLaneCapacity(state, lane)) return;
  const { pool } = state.kernel.database;
  for (const id of await findAbandonedFollowUps(pool, lane)) await enqueueFollowUp(pool, id);
  const pending = await findPendingFollowUp(pool, lane);
  if (pending) await enqueueFollowUp(pool, pending);
}
