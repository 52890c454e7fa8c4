import type { Task } from 'graphile-worker';
import { dispatchNotificationJob, dispatchOrWarn } from '#src/features/notifications/server/index.ts';
import type { WorkerState } from '../worker-state.ts';

/** Decides which destinations are told. */
export const dispatchNotificationTask =
  ({ kernel }: WorkerState): Task =>
  (payload, { job }) =>
    dispatchOrWarn(kernel, {
      ...dispatchNotificationJob.payload.parse(payload),
      isLastAttempt: job.attempts >= job.max_attempts,
    });
