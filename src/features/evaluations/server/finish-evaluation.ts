import { finishSession } from '#src/features/sessions/server/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';

export type EvaluationEnd = { status: 'completed' | 'failed' | 'cancelled'; error?: string };

/** Whom the sessions of an evaluation are reserved for; each attempt adds a `/` and its own name. */
export const runnerOf = (evaluationId: string): string => `evaluation:${evaluationId}`;

/** Writes the end of an evaluation once, and ends whatever investigation of it is still open. */
export async function finishEvaluation(
  kernel: Kernel,
  options: { evaluationId: string; end: EvaluationEnd },
): Promise<void> {
  await kernel.database.transaction((sql) => endEvaluation(sql, options.evaluationId, options.end));
}

/** The same in the caller's transaction. */
export async function endEvaluation(sql: Sql, evaluationId: string, end: EvaluationEnd): Promise<void> {
  await sql.query(
    `update evaluation set status = $2::"RunStatus", error = $3, completed_at = now()
     where id = $1 and status = 'running'`,
    [evaluationId, end.status, end.error ?? null],
  );
  const { rows } = await sql.query<{ id: string }>(
    `select id from session where starts_with(reserved_for, $1) and completed_at is null`,
    [`${runnerOf(evaluationId)}/`],
  );
  const sessionEnd = { status: 'cancelled', statusReason: 'the evaluation ended' } as const;
  for (const { id } of rows) await finishSession(sql, { sessionId: id, end: sessionEnd });
}
