import { notifyDecided } from '#src/features/notifications/server/index.ts';
import { readPendingApprovals } from './read/pending-approvals.ts';
import { type ExecutionRow, saveExecution } from './run-rows.ts';
import type { Batch } from './write-batch.ts';

/**
 * Ends an execution from outside while its session goes on: what it was doing is closed with it, nothing of it waits any
 * longer, and of a call that may have changed something the outcome is unknown.
 */
export async function closeExecution(
  batch: Batch,
  execution: ExecutionRow,
  end: { status: 'cancelled' | 'timed_out'; error: string },
): Promise<void> {
  const { status, error } = end;
  await batch.sql.query(
    `update tool_call set completed_at = now(), arguments_sealed = null, error = coalesce(error, $2),
       status = case when status = 'running' and not read_only then 'unknown' else 'cancelled' end
     where execution_id = $1 and status in ('planned', 'waiting', 'running')`,
    [execution.id, error],
  );
  const { rows: cancelled } = await batch.sql.query<{ id: string }>(
    `update approval set status = 'cancelled', decided_at = now() where execution_id = $1 and status = 'pending' returning id`,
    [execution.id],
  );
  await notifyDecided(batch.sql, {
    sessionId: execution.sessionId,
    approvalIds: cancelled.map((approval) => approval.id),
  });
  await batch.completeItemsOf(execution.id, { status });
  Object.assign(execution, { status, error, completedAt: new Date().toISOString() });
  saveExecution(batch, execution);
  if (cancelled.length > 0) await emitPendingApprovals(batch, execution.sessionId);
}

/** Tells how the list of what waits for people looks now. */
export async function emitPendingApprovals(batch: Batch, sessionId: string): Promise<void> {
  batch.emit({
    type: 'session.patch',
    payload: { pendingApprovals: await readPendingApprovals(batch.sql, sessionId) },
  });
}
