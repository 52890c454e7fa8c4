import { z } from 'zod';
import { approvalKindSchema } from '#src/features/sessions/schema.ts';

/** Decisions of people on tool calls, and their answers to agents' questions. Times are ISO 8601 UTC, ids UUIDv7. */

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
});
export type ApprovalView = z.infer<typeof approvalSchema>;

export const REASON_MAX_CHARS = 4_000;
const words = z.string().trim().max(REASON_MAX_CHARS);

export const decisionSchema = z.object({
  decision: z.enum(['approve', 'deny']),
  /** The model reads it. */
  reason: words.optional(),
  /** `session`: the same tool, with any arguments, needs no further approval in this session. */
  scope: z.enum(['once', 'session']).default('once'),
  /** What to answer when it is a question; goes with `approve`. */
  answer: words.min(1).optional(),
});
export type DecisionInput = z.infer<typeof decisionSchema>;

export const approvalFilterSchema = z.object({
  status: approvalStatusSchema.optional(),
  sessionId: z.uuid().optional(),
});
