import type { Task } from 'graphile-worker';
import { dispatchNotification, dispatchNotificationJob } from '#src/features/notifications/server/index.ts';
import type { WorkerState } from '../worker-state.ts';

/** Decides which destinations are told. */
export const dispatchNotificationTask =
  ({ kernel }: WorkerState): Task =>
  (payload) =>
    dispatchNotification(kernel, dispatchNotificationJob.payload.parse(payload));
