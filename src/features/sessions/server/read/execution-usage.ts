import { withoutCosts } from '#src/lib/without-costs.ts';
import { notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { ExecutionUsage } from '../../schema.ts';

/** What each agent of a session has used so far; agents without a model call are left out. Throws `not_found`. */
export async function readExecutionUsage(
  kernel: Kernel,
  options: { projectId: string; sessionId: string },
): Promise<ExecutionUsage[]> {
  const { pool } = kernel.database;
  const { projectId, sessionId } = options;
  const session = await pool.query('select 1 from session where id = $1 and project_id = $2', [
    sessionId,
    projectId,
  ]);
  if (session.rowCount === 0) throw notFound('Session');
  const { rows } = await pool.query<ExecutionUsage>(
    `select execution_id as "executionId", count(*)::int as "llmCalls", sum(input_tokens)::int as "inputTokens",
       sum(output_tokens)::int as "outputTokens", coalesce(sum(cost_usd), 0)::float8 as "costUsd"
     from llm_call where session_id = $1 and execution_id is not null group by execution_id`,
    [sessionId],
  );
  return kernel.config.current().costs.enabled ? rows : rows.map(withoutCosts);
}
