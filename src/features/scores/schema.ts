import { z } from 'zod';
import { runStatusSchema } from '#src/features/sessions/schema.ts';

/** How good an investigation was, by a judge agent or by rules: REST, tRPC and the page share these schemas. */

export const scoreDimensions = ['outcome', 'evidence', 'toolUse', 'reasoning', 'completeness'] as const;
export type ScoreDimension = (typeof scoreDimensions)[number];

export const scoreTags = [
  'premature_conclusion',
  'missed_available_tool',
  'unsupported_confidence',
  'incomplete_evidence',
  'hallucinated_evidence',
  'wrong_conclusion',
] as const;
export const scoreTagSchema = z.enum(scoreTags);
export type ScoreTag = z.infer<typeof scoreTagSchema>;

export const scoreOutcomes = ['correct', 'partial', 'wrong'] as const;
export const scoreOutcomeSchema = z.enum(scoreOutcomes);
export type ScoreOutcome = z.infer<typeof scoreOutcomeSchema>;

/** The totals that an outcome allows, both ends included. */
export const outcomeRanges: Record<ScoreOutcome, readonly [number, number]> = {
  correct: [60, 100],
  partial: [35, 59],
  wrong: [0, 34],
};

const points = z.number().int().min(0).max(100);
export const dimensionScoreSchema = z.object({ score: points, comment: z.string() });
export type DimensionScore = z.infer<typeof dimensionScoreSchema>;

export const scoreMethodSchema = z.enum(['model', 'rules']);

export const scoreSchema = z.object({
  id: z.string(),
  status: runStatusSchema,
  /** `rules`: from facts that can be checked, without a model; it cannot tell whether a cause is true. */
  method: scoreMethodSchema,
  provider: z.string().nullable(),
  model: z.string().nullable(),
  promptHash: z.string().nullable(),
  total: points.nullable(),
  outcome: scoreOutcomeSchema.nullable(),
  dimensions: z.partialRecord(z.enum(scoreDimensions), dimensionScoreSchema),
  tags: z.array(scoreTagSchema),
  /** Markdown. */
  analysis: z.string().nullable(),
  /** Markdown: tools that were missing, and how existing ones should improve. */
  toolReport: z.string().nullable(),
  triggeredBy: z.string(),
  error: z.string().nullable(),
  createdAt: z.iso.datetime(),
  completedAt: z.iso.datetime().nullable(),
});
export type Score = z.infer<typeof scoreSchema>;

export const scorePageSchema = z.object({ items: z.array(scoreSchema), nextCursor: z.string().nullable() });
export const requestedScoreSchema = z.object({ scoreId: z.string(), stageId: z.string() });
