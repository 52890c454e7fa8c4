import { saysChanged } from '#src/features/agents/server/index.ts';
import type { Batch, ExecutionRow } from '#src/features/sessions/server/index.ts';

/**
 * Whether a stage of action agents changed something: what they say in their last line, unless the record of their calls
 * says otherwise. The record wins, and the contradiction is shown.
 */
export async function settleActions(batch: Batch, executions: readonly ExecutionRow[]): Promise<boolean> {
  const { rows } = await batch.sql.query<{ execution_id: string; changed: number }>(
    `select coalesce(e.parent_execution_id, e.id) as execution_id, count(*)::int as changed
     from tool_call c join execution e on e.id = c.execution_id
     where coalesce(e.parent_execution_id, e.id) = any($1) and not c.read_only and c.status in ('completed', 'unknown')
       and c.server <> 'tars'
     group by 1`,
    [executions.map(({ id }) => id)],
  );
  let changed = false;
  for (const { id, stageId, agent, result } of executions) {
    const calls = rows.find((row) => row.execution_id === id)?.changed ?? 0;
    const said = result === null ? null : saysChanged(result);
    if (calls > 0) changed = true;
    if (said === null || said === calls > 0) continue;
    batch.startItem({
      stageId,
      executionId: id,
      type: 'error',
      status: 'failed',
      content: said
        ? `${agent} says that it changed something, but none of its calls did.`
        : `${agent} says that it changed nothing, but ${calls} of its calls may have.`,
    });
  }
  return changed;
}
