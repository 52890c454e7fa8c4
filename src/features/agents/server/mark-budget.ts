import type { Batch } from '#src/features/sessions/server/index.ts';
import type { BudgetKind } from './agent-step.ts';

/**
 * The reason stays with the session, so that a resumed run and everybody who looks know that it ended early. Returns false
 * when that is known already.
 */
export async function markBudget(batch: Batch, sessionId: string, budget: BudgetKind): Promise<boolean> {
  const statusReason = `budget:${budget}`;
  const marked = await batch.sql.query(
    `update session set status_reason = $2 where id = $1 and status = 'running' and status_reason is null`,
    [sessionId, statusReason],
  );
  if (!marked.rowCount) return false;
  batch.emit({ type: 'session.patch', payload: { statusReason } });
  return true;
}
