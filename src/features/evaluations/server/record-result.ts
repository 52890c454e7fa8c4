import type { Sql } from '#src/server/db/database.ts';
import { AppError } from '#src/server/errors.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import {
  difficultySchema,
  type EvaluationResult,
  type EvaluationSummary,
  evaluationSummarySchema,
} from '../schema.ts';
import { type CountedResult, summariseResults } from '../summarise-results.ts';

type NewResult = Omit<EvaluationResult, 'createdAt'>;

/**
 * Writes one attempt and the figures that follow from it, so that whatever ends the evaluation leaves what was done.
 * Returns the figures. Throws `conflict` when it is no longer running: somebody has closed it.
 */
export async function recordResult(
  kernel: Kernel,
  options: { evaluationId: string; result: NewResult },
): Promise<EvaluationSummary> {
  const { evaluationId, result } = options;
  return kernel.database.transaction(async (sql) => {
    // Attempts that end together take turns here.
    const { rows } = await sql.query<{ summary: unknown }>(
      `select summary from evaluation where id = $1 and status = 'running' for update`,
      [evaluationId],
    );
    const [evaluation] = rows;
    if (!evaluation) throw new AppError('conflict', 'This evaluation was closed by somebody else.');
    await insertResult(sql, evaluationId, result);
    const plan = evaluationSummarySchema.parse(evaluation.summary);
    const summary = summariseResults(plan, await countedResults(sql, evaluationId));
    await sql.query('update evaluation set summary = $2 where id = $1', [
      evaluationId,
      JSON.stringify(summary),
    ]);
    return summary;
  });
}

async function insertResult(sql: Sql, evaluationId: string, result: NewResult): Promise<void> {
  await sql.query(
    `insert into evaluation_result (id, evaluation_id, scenario, title, difficulty, attempt, session_id, passed, failures,
       input_tokens, output_tokens, cost_usd, duration_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      newId(),
      evaluationId,
      result.scenario,
      result.title,
      result.difficulty,
      result.attempt,
      result.sessionId,
      result.passed,
      JSON.stringify(result.failures),
      result.inputTokens,
      result.outputTokens,
      result.costUsd ?? null,
      result.durationMs,
    ],
  );
}

type CountedRow = {
  difficulty: string;
  passed: boolean;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number | null;
  duration_ms: number;
};

async function countedResults(sql: Sql, evaluationId: string): Promise<CountedResult[]> {
  const { rows } = await sql.query<CountedRow>(
    `select difficulty, passed, input_tokens, output_tokens, cost_usd, duration_ms
     from evaluation_result where evaluation_id = $1`,
    [evaluationId],
  );
  return rows.map((row) => ({
    difficulty: difficultySchema.parse(row.difficulty),
    passed: row.passed,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    costUsd: row.cost_usd,
    durationMs: row.duration_ms,
  }));
}
