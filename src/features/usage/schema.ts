import { z } from 'zod';
import { runStatusSchema } from '#src/features/sessions/schema.ts';

/** What model calls have used: REST, tRPC, the page and the CLI share these schemas. Days are UTC's. */

/** Longest range that one report covers: a year and its leap day. */
export const USAGE_MAX_DAYS = 366;
export const USAGE_TOP_MAX = 100;

/** A day, or a time on it. */
const daySchema = z
  .union([z.iso.date(), z.iso.datetime()])
  .describe('A day (2026-11-26, UTC) or an ISO 8601 time on it');

export const rankBySchema = z.enum(['cost', 'tokens']);
export type RankBy = z.infer<typeof rankBySchema>;

/** Both days belong to the range. Default: the last 30 days. */
export const usageQuerySchema = z.object({
  from: daySchema.optional(),
  to: daySchema.optional(),
  alertType: z.string().max(200).optional(),
  chain: z.string().max(200).optional(),
  rankBy: rankBySchema.optional().describe('Default: cost; tokens where costs are not shown'),
  top: z.coerce.number().int().min(1).max(USAGE_TOP_MAX).default(20),
});

const sumFields = {
  calls: z.number().int(),
  failedCalls: z.number().int(),
  /** Calls whose price is unknown; `costUsd` leaves them out. Both absent where costs are not shown (`costs.enabled: false`). */
  unpricedCalls: z.number().int().optional(),
  inputTokens: z.number().int(),
  /** Part of the input. */
  cachedInputTokens: z.number().int(),
  outputTokens: z.number().int(),
  /** Part of the output. */
  reasoningTokens: z.number().int(),
  costUsd: z.number().optional(),
};
const sumSchema = z.object(sumFields);
export type UsageSum = z.infer<typeof sumSchema>;

export const usageReportSchema = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  totals: z.object({ ...sumFields, sessions: z.number().int() }),
  /** Every day of the range, in order, also those without a call. */
  byDay: z.array(z.object({ day: z.iso.date(), ...sumFields })),
  byModel: z.array(z.object({ provider: z.string(), model: z.string(), ...sumFields })),
  byChain: z.array(z.object({ chain: z.string(), sessions: z.number().int(), ...sumFields })),
  byAlertType: z.array(z.object({ alertType: z.string(), sessions: z.number().int(), ...sumFields })),
  /** `iteration`, `executive_summary`, `summarization`, `chat`, `scoring` … */
  byKind: z.array(z.object({ kind: z.string(), ...sumFields })),
  topSessions: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      status: runStatusSchema,
      alertType: z.string(),
      chain: z.string(),
      createdAt: z.iso.datetime(),
      ...sumFields,
    }),
  ),
});
export type UsageReport = z.infer<typeof usageReportSchema>;
