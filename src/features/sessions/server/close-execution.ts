import { notifyDecided } from '#src/features/notifications/server/index.ts';
import { isTerminal } from '../schema.ts';
import { readPendingApprovals } from './read/pending-approvals.ts';
import { type ExecutionRow, loadSubExecutions, saveExecution } from './run-rows.ts';
import type { Batch } from './write-batch.ts';

type ClosedEnd = { status: 'cancelled' | 'timed_out'; error: string };

/**
 * Ends an execution from outside while its session goes on, and the sub-agents it has left open: what it was doing is closed
 * with it, nothing of it waits any longer, and of a call that may have changed something the outcome is unknown.
 */
export async function closeExecution(batch: Batch, execution: ExecutionRow, end: ClosedEnd): Promise<void> {
  const { sessionId, id: parentId } = execution;
  const children = execution.parentExecutionId
    ? []
    : await loadSubExecutions(batch.sql, { sessionId, parentId });
  for (const child of children.filter(({ status }) => !isTerminal(status)))
    await closeOne(batch, child, { status: 'cancelled', error: 'Its parent has ended.' });
  await closeOne(batch, execution, end);
}

async function closeOne(batch: Batch, execution: ExecutionRow, { status, error }: ClosedEnd): Promise<void> {
  const { sessionId } = execution;
  const closed = await batch.sql.query<{ started: boolean }>(
    `update tool_call set completed_at = now(), arguments_sealed = null, error = coalesce(error, $2),
       status = case when status = 'running' and not read_only then 'unknown' else 'cancelled' end
     where execution_id = $1 and status in ('planned', 'waiting', 'running')
     returning started_at is not null as started`,
    [execution.id, error],
  );
  // Those that had started were made.
  batch.addUsage({ toolCalls: closed.rows.filter((call) => call.started).length });
  const { rows: withdrawn } = await batch.sql.query<{ id: string }>(
    `update approval set status = 'cancelled', decided_at = now(),
       decided_by = (select cancel_requested_by from execution where id = $1)
     where execution_id = $1 and status = 'pending' returning id`,
    [execution.id],
  );
  await notifyDecided(batch.sql, { sessionId, approvalIds: withdrawn.map(({ id }) => id) });
  await batch.completeItemsOf(execution.id, { status });
  Object.assign(execution, { status, error, completedAt: new Date().toISOString() });
  saveExecution(batch, execution);
  if (withdrawn.length > 0) await emitPendingApprovals(batch, sessionId);
}

/** Tells how the list of what waits for people looks now. */
export async function emitPendingApprovals(batch: Batch, sessionId: string): Promise<void> {
  batch.emit({
    type: 'session.patch',
    payload: { pendingApprovals: await readPendingApprovals(batch.sql, sessionId) },
  });
}
