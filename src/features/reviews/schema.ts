import { z } from 'zod';
import {
  pageSchema,
  ratingSchema,
  reviewStatusSchema,
  sessionReviewSchema,
} from '#src/features/sessions/schema.ts';

/** Human review of investigations: REST, tRPC, the page and the CLI share these schemas. */

export const reviewActions = ['claim', 'unclaim', 'complete', 'reopen', 'acknowledge'] as const;
export const reviewActionSchema = z.enum(reviewActions);
export type ReviewAction = z.infer<typeof reviewActionSchema>;

export const REVIEW_TEXT_MAX_CHARS = 4_000;
/** Sessions of one bulk command. */
export const BULK_REVIEW_MAX = 50;

export const reviewCommandSchema = z.object({
  action: reviewActionSchema,
  rating: ratingSchema.optional().describe('Only with `complete`'),
  actionTaken: z.string().max(REVIEW_TEXT_MAX_CHARS).optional().describe('Only with `complete`'),
  note: z.string().max(REVIEW_TEXT_MAX_CHARS).optional().describe('Feedback, kept with the review'),
  from: reviewStatusSchema
    .nullable()
    .optional()
    .describe('The state that the caller saw; when it is another by now, the answer is 409'),
});
export type ReviewCommand = z.infer<typeof reviewCommandSchema>;

export const bulkReviewSchema = reviewCommandSchema.extend({
  sessionIds: z.array(z.uuid()).min(1).max(BULK_REVIEW_MAX),
});

/** One per session asked for, in the order asked. */
export const bulkReviewResultSchema = z.object({
  results: z.array(
    z.object({
      sessionId: z.string(),
      review: sessionReviewSchema.nullable(),
      error: z.object({ code: z.string(), message: z.string() }).nullable(),
    }),
  ),
});
export type BulkReviewResult = z.infer<typeof bulkReviewResultSchema>;

export const reviewActivitySchema = z.object({
  id: z.string(),
  actor: z.string(),
  action: reviewActionSchema,
  fromStatus: reviewStatusSchema.nullable(),
  toStatus: reviewStatusSchema.nullable(),
  rating: ratingSchema.nullable(),
  actionTaken: z.string().nullable(),
  note: z.string().nullable(),
  createdAt: z.iso.datetime(),
});
export type ReviewActivity = z.infer<typeof reviewActivitySchema>;

export const activityPageSchema = z.object({
  items: z.array(reviewActivitySchema),
  nextCursor: z.string().nullable(),
});
export const listActivityInputSchema = pageSchema.pick({ limit: true });

// ── Triage ──────────────────────────────────────────────────────────────────────────────────────────────────────

export const triageGroups = ['investigating', 'needs_review', 'in_progress', 'reviewed'] as const;
export type TriageGroup = (typeof triageGroups)[number];

export const triageFilterSchema = z.object({
  assignee: z.string().max(200).optional(),
  alertType: z.string().max(200).optional(),
  rating: ratingSchema.optional(),
});
export type TriageFilter = z.infer<typeof triageFilterSchema>;

/** Groups are counted up to this; a larger one is "1000+", so that a count costs the same with any history. */
export const TRIAGE_COUNT_MAX = 1_000;
export const triageCountsSchema = z.record(z.enum(triageGroups), z.number().int());
export type TriageCounts = z.infer<typeof triageCountsSchema>;
