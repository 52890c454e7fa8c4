import { z } from 'zod';

/** What people are told: that an investigation started, that it ended, that a decision of theirs is waited for. */
export const notificationKindSchema = z.enum(['started', 'ended', 'approval']);
export type NotificationKind = z.infer<typeof notificationKindSchema>;

export const notificationStatusSchema = z.enum(['pending', 'sending', 'sent', 'failed']);
export type NotificationStatus = z.infer<typeof notificationStatusSchema>;

/** What `tars notify test` found. */
export type SlackTest = {
  channel: string;
  team: string;
  bot: string;
  /** Why the channel cannot be read, so that messages of others are not answered in their thread; null when it can. */
  threadsProblem: string | null;
};

/** Notifications of a project, for the system page. */
export const notificationStateSchema = z.object({
  /** `off`: messages are not configured or switched off; `no_token`: they are, but cannot be sent. */
  slack: z.enum(['off', 'no_token', 'on']),
  channel: z.string().nullable(),
  counts: z.object({ waiting: z.number().int(), sent: z.number().int(), failed: z.number().int() }),
  /** The newest first. */
  recent: z.array(
    z.object({
      id: z.string(),
      sessionId: z.string(),
      title: z.string(),
      kind: z.string(),
      status: z.string(),
      attempts: z.number().int(),
      error: z.string().nullable(),
      createdAt: z.string(),
    }),
  ),
});
export type NotificationState = z.infer<typeof notificationStateSchema>;
