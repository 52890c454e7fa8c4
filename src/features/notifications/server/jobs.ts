import { z } from 'zod';
import { idSchema } from '#src/server/ids.ts';
import { defineJob } from '#src/server/jobs/define-job.ts';

/** Sends one notification. May be repeated freely: what has been sent is not sent again. */
export const sendNotificationJob = defineJob({
  name: 'send-notification',
  payload: z.object({ notificationId: idSchema }),
  // With the queue's exponential pauses about half an hour: longer than most outages of a chat service.
  maxAttempts: 8,
});

/** One message at a time: Slack takes one per second and channel, and a thread is opened before it is answered in. */
export const NOTIFICATION_QUEUE = 'notifications';

export const notificationJobKey = (notificationId: string): string => `send-notification:${notificationId}`;
