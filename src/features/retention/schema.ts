import { z } from 'zod';

/** What retention removes: whole sessions, events of the log, payloads of model and tool calls, alerts, sums of usage. */
export const retentionKinds = ['sessions', 'events', 'calls', 'alerts', 'usage'] as const;
export type RetentionKind = (typeof retentionKinds)[number];

export const removedCountsSchema = z.object({
  sessions: z.number().int(),
  events: z.number().int(),
  /** Calls of models and tools whose request and response were removed. */
  calls: z.number().int(),
  alerts: z.number().int(),
  /** Sums of what a session used of a model in a day. */
  usage: z.number().int(),
});
export type RemovedCounts = z.infer<typeof removedCountsSchema>;

/** The last sweep. Times are ISO 8601 UTC; `endedAt` is null while it runs and when it was cut off. */
export const lastSweepSchema = z.object({
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  error: z.string().nullable(),
  removed: removedCountsSchema,
});
export type LastSweep = z.infer<typeof lastSweepSchema>;

/** What is kept for how long, and the last sweep; null before the first. */
export const retentionStateSchema = z.object({
  /** As in the configuration, in milliseconds. */
  sessionsMs: z.number().int(),
  eventsMs: z.number().int(),
  logsMs: z.number().int(),
  usageMs: z.number().int(),
  lastSweep: lastSweepSchema.nullable(),
});
export type RetentionState = z.infer<typeof retentionStateSchema>;
