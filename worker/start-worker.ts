import { EventEmitter } from 'node:events';
import { hostname } from 'node:os';
import { Logger, makeWorkerUtils, type Logger as QueueLogger, run, type WorkerEvents } from 'graphile-worker';
import { closeAbandonedEvaluations } from '#src/features/evaluations/server/index.ts';
import { runFollowUpJob } from '#src/features/follow-ups/server/index.ts';
import { dispatchNotificationJob, sendNotificationJob } from '#src/features/notifications/server/index.ts';
import { watchRetention } from '#src/features/retention/server/index.ts';
import { runSessionJob } from '#src/features/sessions/server/index.ts';
import { removeWorkerHost, type WorkerHost, watchMcpServers } from '#src/features/system/server/index.ts';
import { listDestinations } from '#src/server/config/index.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { version } from '#src/server/version.ts';
import { followUpHandlers } from './follow-up-handlers.ts';
import { listenForPeople } from './listen-for-people.ts';
import { startSweeping } from './sweep.ts';
import { dispatchNotificationTask } from './tasks/dispatch-notification.ts';
import { runFollowUpTask } from './tasks/run-follow-up.ts';
import { runSessionTask } from './tasks/run-session.ts';
import { sendNotificationTask } from './tasks/send-notification.ts';
import { DELIVERY_SLOTS_MIN, EXTRA_JOB_SLOTS, LANE_SLOTS } from './tunables.ts';
import type { WorkerState } from './worker-state.ts';

export type RunningWorker = {
  hostId: string;
  /** Rejects when the queue runner ends by itself. */
  done: Promise<void>;
  /** Hands running sessions back at their next step, lets short jobs end, and leaves nothing locked. */
  close(): Promise<void>;
};

/** Starts everything a worker process does, on an open kernel. */
export async function startWorker(kernel: Kernel): Promise<RunningWorker> {
  const hostId = newId();
  const shutdown = new AbortController();
  const state: WorkerState = {
    kernel,
    hostId,
    slotsTaken: 0,
    laneSlotsTaken: { chat: 0, review: 0 },
    shutdown: shutdown.signal,
  };
  const { queue, notifications } = kernel.config.current();
  const { workerConcurrency } = queue;
  const deliverySlots = Math.max(DELIVERY_SLOTS_MIN, listDestinations(notifications).length);
  const queueWorkers = new Set<string>();
  const events: WorkerEvents = new EventEmitter();
  // Jobs are locked under the name of the pool of workers, not of the one that runs them.
  events.on('pool:create', ({ workerPool }) => queueWorkers.add(workerPool.id));
  const host = (): WorkerHost => ({
    id: hostId,
    hostname: hostname(),
    pid: process.pid,
    concurrency: workerConcurrency,
    version,
    queueWorkers: [...queueWorkers],
  });
  const { pool } = kernel.database;
  const logger = queueLogger(kernel);
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  const runner = await run({
    pgPool: pool,
    concurrency: workerConcurrency + LANE_SLOTS.chat + LANE_SLOTS.review + deliverySlots + EXTRA_JOB_SLOTS,
    noHandleSignals: true,
    events,
    logger,
    taskList: {
      [runSessionJob.name]: runSessionTask(state),
      [runFollowUpJob.name]: runFollowUpTask(state, followUpHandlers),
      [dispatchNotificationJob.name]: dispatchNotificationTask(state),
      [sendNotificationJob.name]: sendNotificationTask(state),
    },
  });
  await closeAbandonedEvaluations(kernel);
  const sweeper = startSweeping({ state, host, utils });
  const people = listenForPeople(kernel);
  const mcp = watchMcpServers(kernel);
  const retention = watchRetention(kernel);
  return {
    hostId,
    done: runner.promise,
    async close() {
      shutdown.abort();
      await sweeper.close();
      await runner
        .stop()
        .catch((error: unknown) => kernel.log.debug({ err: error }, 'queue runner had ended'));
      await Promise.all([people.close(), mcp.close(), retention.close(), utils.release()]);
      await removeWorkerHost(pool, hostId).catch(() => undefined);
    },
  };
}

/** The queue's own messages in our log; its routine ones only when debugging. */
function queueLogger(kernel: Kernel): QueueLogger {
  return new Logger((scope) => (level, message, meta) => {
    const fields = { queue: scope, ...(meta && 'error' in meta ? { err: meta.error } : {}) };
    if (level === 'error') kernel.log.error(fields, message);
    else if (level === 'warning') kernel.log.warn(fields, message);
    else kernel.log.debug(fields, message);
  });
}
