import type { Task } from 'graphile-worker';
import { sendNotification, sendNotificationJob } from '#src/features/notifications/server/index.ts';
import type { WorkerState } from '../worker-state.ts';

/** Sends one notification; a thrown error makes the queue try again after a growing pause. */
export const sendNotificationTask =
  ({ kernel, shutdown }: WorkerState): Task =>
  async (payload, { job }) => {
    const { notificationId } = sendNotificationJob.payload.parse(payload);
    const isLastAttempt = job.attempts >= job.max_attempts;
    await sendNotification(kernel, { notificationId, isLastAttempt, signal: shutdown });
  };
