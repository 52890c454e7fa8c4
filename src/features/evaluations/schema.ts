import { z } from 'zod';

/** What people and programs read of `tars eval`. Times are ISO 8601 UTC, costs US dollars, durations milliseconds. */

/** The project that evaluations and their investigations are kept in. */
export const EVALUATIONS_PROJECT = { slug: 'evaluations', name: 'Evaluations' } as const;

export const DIFFICULTIES = ['easy', 'medium', 'hard'] as const;
export const difficultySchema = z.enum(DIFFICULTIES);
export type Difficulty = z.infer<typeof difficultySchema>;

/** One way in which an attempt fell short, in words. */
export const failureSchema = z.object({
  kind: z.enum(['run', 'missing', 'forbidden', 'evidence', 'call', 'confidence', 'iterations']),
  message: z.string(),
});
export type Failure = z.infer<typeof failureSchema>;

/** One attempt at one scenario. */
export const evaluationResultSchema = z.object({
  scenario: z.string(),
  title: z.string(),
  difficulty: difficultySchema,
  attempt: z.number().int(),
  /** The investigation; null when it never began or is no longer kept. */
  sessionId: z.string().nullable(),
  passed: z.boolean(),
  failures: z.array(failureSchema),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  /** Null when the price of a call is unknown; absent where costs are not shown (`costs.enabled: false`). */
  costUsd: z.number().nullable().optional(),
  durationMs: z.number().int(),
  createdAt: z.string(),
});
export type EvaluationResult = z.infer<typeof evaluationResultSchema>;

const share = z.object({ attempts: z.number().int(), passed: z.number().int() });

export const evaluationSummarySchema = share.extend({
  chain: z.string(),
  /** Attempts that it was to make. */
  planned: z.number().int(),
  /** Of the attempts made; null before the first. */
  passRate: z.number().nullable(),
  byDifficulty: z.array(share.extend({ difficulty: difficultySchema })),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  /** Of the attempts whose price is known; both absent where costs are not shown. */
  costUsd: z.number().optional(),
  unpricedAttempts: z.number().int().optional(),
  /** Of all attempts together; they may have run side by side. */
  durationMs: z.number().int(),
});
export type EvaluationSummary = z.infer<typeof evaluationSummarySchema>;

export const evaluationItemSchema = z.object({
  id: z.string(),
  status: z.enum(['running', 'completed', 'failed', 'cancelled']),
  provider: z.string(),
  model: z.string(),
  /** Attempts per scenario. */
  runs: z.number().int(),
  summary: evaluationSummarySchema,
  error: z.string().nullable(),
  startedAt: z.string(),
  completedAt: z.string().nullable(),
});
export type EvaluationItem = z.infer<typeof evaluationItemSchema>;

export const evaluationSchema = evaluationItemSchema.extend({
  projectSlug: z.string(),
  results: z.array(evaluationResultSchema),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

export const listEvaluationsInputSchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  /** The id of the last evaluation of the page before. */
  cursor: z.uuid().optional(),
});
