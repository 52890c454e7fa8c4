import { z } from 'zod';
import { idSchema } from '#src/server/ids.ts';
import { defineJob } from '#src/server/jobs/define-job.ts';
import { notificationKindSchema } from '../schema.ts';

/** Writes a notification for every destination that shall be told. May be repeated freely. */
export const dispatchNotificationJob = defineJob({
  name: 'dispatch-notification',
  payload: z.object({
    sessionId: idSchema,
    kind: notificationKindSchema,
    /** What it is about beside the session: the approval's id, or empty. */
    ref: z.string(),
    at: z.iso.datetime(),
  }),
  // It needs only the database, without which nothing runs at all.
  maxAttempts: 25,
});

/** Sends one notification. May be repeated freely: what has been sent is not sent again. */
export const sendNotificationJob = defineJob({
  name: 'send-notification',
  payload: z.object({ notificationId: idSchema }),
  // With the queue's exponential pauses about half an hour: longer than most outages of a chat service.
  maxAttempts: 8,
});

/** In the order in which things happened. */
export const DISPATCH_QUEUE = 'notifications';

/**
 * One message at a time for each destination: a chat takes about one per second and channel, and a thread is opened before it is
 * answered in. Destinations do not wait for each other.
 */
export const deliveryQueue = (destination: string): string => `notifications:${destination}`;

export const notificationJobKey = (notificationId: string): string => `send-notification:${notificationId}`;
