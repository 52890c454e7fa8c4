import { z } from 'zod';
import { checkFindingSchema, checkOutcomeSchema } from '#src/features/check-outcomes/schema.ts';

const time = z.iso.datetime();

export const checkRunSchema = z.object({
  id: z.string(),
  /** The tick, or the moment at which a person asked for it. */
  dueAt: time,
  trigger: z.enum(['schedule', 'catch_up', 'manual']),
  /** `waiting`: the queue is full. `skipped`: it has no session; see `reason`. */
  status: z.enum(['waiting', 'started', 'skipped', 'ended']),
  /** Why it waits, was skipped or cancelled, or what was missed before it. */
  reason: z.string().nullable(),
  sessionId: z.string().nullable(),
  /** Null until it has ended, and when it was skipped or cancelled. */
  outcome: checkOutcomeSchema.nullable(),
  summary: z.string().nullable(),
  findings: z.array(checkFindingSchema),
  /** Since when the outcome, with these very findings, has been the same. */
  since: time.nullable(),
  /** Whether earlier runs had found the same. */
  unchanged: z.boolean(),
  /** Whether people were told. */
  notified: z.boolean(),
  endedAt: time.nullable(),
});
export type CheckRunView = z.infer<typeof checkRunSchema>;

export const checkSchema = z.object({
  name: z.string(),
  title: z.string(),
  question: z.string(),
  enabled: z.boolean(),
  schedule: z.string(),
  timezone: z.string(),
  /** The schedule in words. */
  scheduleText: z.string(),
  notify: z.enum(['findings', 'always', 'never']),
  /** Null while it is paused or not enabled. */
  nextRunAt: time.nullable(),
  paused: z.object({ at: time, by: z.string() }).nullable(),
  /** The session of the run that has not ended. */
  openSessionId: z.string().nullable(),
  /** The newest run with an outcome. */
  last: checkRunSchema.nullable(),
  /** The newest runs, the newest first. */
  history: z.array(checkRunSchema),
});
export type CheckView = z.infer<typeof checkSchema>;

export const checkListSchema = z.object({ items: z.array(checkSchema), nextCursor: z.null() });

export const checkNameSchema = z.object({ name: z.string().min(1).max(63) });

export const startedCheckSchema = z.object({ runId: z.string(), sessionId: z.string() });
