import { z } from 'zod';

/** What people are told: that an investigation started, that it ended, what waits for their decision, what was decided. */
export const notificationKindSchema = z.enum(['started', 'ended', 'approval', 'decision']);
export type NotificationKind = z.infer<typeof notificationKindSchema>;

export const notificationStatusSchema = z.enum(['pending', 'sending', 'sent', 'failed']);
export type NotificationStatus = z.infer<typeof notificationStatusSchema>;

/** What a test message to one destination found. `problem` says what to change where it could not be posted. */
export const destinationTestSchema = z.object({
  destination: z.string(),
  type: z.string(),
  /** Where it goes, without secrets: a channel, a host. */
  target: z.string(),
  problem: z.string().nullable(),
  /** Who posts, where the platform tells: "tars in Acme". */
  identity: z.string().nullable(),
  /** Why the channel cannot be read, so that messages of others are not answered in their thread; null when it can, or where there are no threads. */
  threadsProblem: z.string().nullable(),
});
export type DestinationTest = z.infer<typeof destinationTestSchema>;

export const destinationStateSchema = z.object({
  name: z.string(),
  type: z.string(),
  target: z.string(),
  /** `on`, switched `off`, or without the setting that it cannot do without. */
  state: z.enum(['on', 'off', 'no_token', 'no_url']),
  lastSentAt: z.string().nullable(),
  /** The newest failure, also of an attempt that was repeated; over when a message has arrived since. */
  lastError: z.string().nullable(),
  lastErrorAt: z.string().nullable(),
});
export type DestinationState = z.infer<typeof destinationStateSchema>;

/** Where people are told, and the notifications of a project, for the system page. */
export const notificationStateSchema = z.object({
  destinations: z.array(destinationStateSchema),
  counts: z.object({ waiting: z.number().int(), sent: z.number().int(), failed: z.number().int() }),
  /** The newest first. */
  recent: z.array(
    z.object({
      id: z.string(),
      sessionId: z.string(),
      title: z.string(),
      destination: z.string(),
      kind: z.string(),
      status: z.string(),
      attempts: z.number().int(),
      error: z.string().nullable(),
      createdAt: z.string(),
    }),
  ),
});
export type NotificationState = z.infer<typeof notificationStateSchema>;
