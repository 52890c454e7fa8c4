import { z } from 'zod';
import { approvalKindSchema } from '#src/features/sessions/schema.ts';

/** Decisions of people on tool calls and paused agents, and their answers to agents' questions. Times are ISO 8601 UTC, ids UUIDv7. */

export const approvalStatuses = ['pending', 'approved', 'denied', 'expired', 'cancelled'] as const;
export const approvalStatusSchema = z.enum(approvalStatuses);
export type ApprovalStatus = z.infer<typeof approvalStatusSchema>;

export const approvalSchema = z.object({
  id: z.string(),
  sessionId: z.string(),
  sessionTitle: z.string(),
  alertType: z.string(),
  severity: z.string().nullable(),
  executionId: z.string(),
  agent: z.string(),
  itemId: z.string(),
  kind: approvalKindSchema,
  status: approvalStatusSchema,
  /** `server.tool` */
  tool: z.string(),
  /** Masked. */
  arguments: z.record(z.string(), z.unknown()),
  why: z.string(),
  requestedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  decidedAt: z.iso.datetime().nullable(),
  decidedBy: z.string().nullable(),
  /** Why it was decided so; the answer where it was a question. */
  reason: z.string().nullable(),
  scope: z.enum(['once', 'session']),
  /** How many more iterations a paused agent was given. */
  grantedIterations: z.number().int().nullable(),
});
export type ApprovalView = z.infer<typeof approvalSchema>;

export const REASON_MAX_CHARS = 4_000;
const words = z.string().trim().max(REASON_MAX_CHARS);

/** A person gives a paused agent at most this many iterations at a time. */
export const MORE_ITERATIONS_MAX = 200;

export const decisionSchema = z.object({
  /** `approve` or `deny` a call or a question; let a paused agent `continue`, `conclude` now, or `cancel` it. */
  decision: z.enum(['approve', 'deny', 'continue', 'conclude', 'cancel']),
  /** The model reads it. */
  reason: words.optional(),
  /** How many more iterations; goes with `continue`. As many as it had when absent. */
  iterations: z.number().int().min(1).max(MORE_ITERATIONS_MAX).optional(),
  /** `session`: the same tool, with any arguments, needs no further approval in this session. */
  scope: z.enum(['once', 'session']).default('once'),
  /** What to answer when it is a question; goes with `approve`. */
  answer: words.min(1).optional(),
});
export type DecisionInput = z.infer<typeof decisionSchema>;

export const cancelExecutionSchema = z.object({
  /** The agent that started it reads it. */
  reason: words.optional(),
});

export const approvalFilterSchema = z.object({
  status: approvalStatusSchema.optional(),
  sessionId: z.uuid().optional(),
});
