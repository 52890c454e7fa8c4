import { z } from 'zod';
import { checkOutcomes } from '#src/lib/check-outcome.ts';
import { NOTIFICATION_EVENTS } from '#src/server/config/schema-notifications.ts';

/**
 * What a webhook is sent. Version 1 may gain fields and values of `event`, `status` and `kind`; a change that breaks a reader
 * is a new version. Times are ISO 8601 UTC, texts masked and not escaped.
 */
export const webhookEventSchema = z.object({
  version: z.literal(1),
  /** The same for every attempt to deliver it: also the header `Idempotency-Key`. */
  id: z.string(),
  event: z.enum([...NOTIFICATION_EVENTS, 'test']),
  occurredAt: z.iso.datetime(),
  /** The message in one line, for people. */
  text: z.string(),
  /** Null in a test. */
  session: z
    .object({
      id: z.string(),
      url: z.url(),
      project: z.string(),
      title: z.string(),
      alertType: z.string(),
      severity: z.string().nullable(),
      fingerprint: z.string().nullable(),
      alertCount: z.int(),
      status: z.string(),
      statusReason: z.string().nullable(),
      startedAt: z.iso.datetime().nullable(),
      completedAt: z.iso.datetime().nullable(),
      durationMs: z.number().nullable(),
      /** Markdown: the executive summary, else the first lines of the analysis, else the error. */
      summary: z.string().nullable(),
      /** Absent, as the next, where costs are not shown (`costs.enabled: false`). */
      costUsd: z.number().optional(),
      /** False where a model without a known price was called. */
      costIsComplete: z.boolean().optional(),
    })
    .nullable(),
  /** What a scheduled check came to, in the event of its end; null otherwise. */
  check: z
    .object({
      name: z.string(),
      /** Null when it was cancelled. */
      outcome: z.enum(checkOutcomes).nullable(),
      findings: z.int(),
      since: z.iso.datetime().nullable(),
      /** Earlier runs had found the same. */
      unchanged: z.boolean(),
      /** Healthy, after findings. */
      recovered: z.boolean(),
    })
    .nullable(),
  /** The request that somebody is to decide on, or has; null in other events. */
  approval: z
    .object({
      id: z.string(),
      url: z.url(),
      kind: z.string(),
      status: z.string(),
      /** `server.tool` */
      tool: z.string(),
      /** Null when they are too long; `GET /api/v1/approvals` has them. */
      arguments: z.record(z.string(), z.unknown()).nullable(),
      why: z.string(),
      expiresAt: z.iso.datetime(),
      decidedAt: z.iso.datetime().nullable(),
      decidedBy: z.string().nullable(),
      reason: z.string().nullable(),
    })
    .nullable(),
});
export type WebhookEvent = z.infer<typeof webhookEventSchema>;
