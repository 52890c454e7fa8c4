import { z } from 'zod';
import type {
  Evaluation as EvaluationRow,
  EvaluationResult as ResultRow,
} from '#src/generated/prisma/client.ts';
import { withoutCosts } from '#src/lib/without-costs.ts';
import type { Kernel } from '#src/server/kernel.ts';
import {
  type EvaluationItem,
  type EvaluationResult,
  evaluationItemSchema,
  evaluationResultSchema,
  evaluationSummarySchema,
  failureSchema,
} from '../schema.ts';
import { summariseResults } from '../summarise-results.ts';

/** Evaluations as they are read, with what they cost only where that is shown. */
export function evaluationViews(kernel: Kernel): {
  item: (row: EvaluationRow) => EvaluationItem;
  result: (row: ResultRow) => EvaluationResult;
} {
  if (kernel.config.current().costs.enabled) return { item: evaluationItem, result: evaluationResult };
  return {
    item: (row) => {
      const item = evaluationItem(row);
      return { ...item, summary: withoutCosts(item.summary) };
    },
    result: (row) => withoutCosts(evaluationResult(row)),
  };
}

function evaluationItem(row: EvaluationRow): EvaluationItem {
  return {
    id: row.id,
    status: evaluationItemSchema.shape.status.parse(row.status),
    provider: row.provider,
    model: row.model,
    runs: row.runs,
    // A row of another version: its results are there, its figures are not.
    summary: evaluationSummarySchema
      .catch(summariseResults({ chain: '', planned: 0 }, []))
      .parse(row.summary),
    error: row.error,
    startedAt: row.startedAt.toISOString(),
    completedAt: row.completedAt?.toISOString() ?? null,
  };
}

function evaluationResult(row: ResultRow): EvaluationResult {
  return {
    scenario: row.scenario,
    title: row.title,
    difficulty: evaluationResultSchema.shape.difficulty.parse(row.difficulty),
    attempt: row.attempt,
    sessionId: row.sessionId,
    passed: row.passed,
    failures: z.array(failureSchema).catch([]).parse(row.failures),
    inputTokens: row.inputTokens,
    outputTokens: row.outputTokens,
    costUsd: row.costUsd,
    durationMs: row.durationMs,
    createdAt: row.createdAt.toISOString(),
  };
}
