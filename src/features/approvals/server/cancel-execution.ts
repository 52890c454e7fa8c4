import { resumeFollowUp } from '#src/features/follow-ups/server/index.ts';
import { cancelledAlone, type RunStatus } from '#src/features/sessions/schema.ts';
import {
  cancelTarget,
  closeExecution,
  describeCancellation,
  type ExecutionRow,
  loadRunRows,
  wakeRun,
  writeBatch,
} from '#src/features/sessions/server/index.ts';
import type { Sql, Transaction } from '#src/server/db/database.ts';
import { AppError, notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { maskSaid } from './mask-said.ts';

type Place = { projectId: string; sessionId: string; executionId: string };

/**
 * Ends one agent of a session, with the sub-agents it has started, while everything else goes on. Throws `not_found` outside
 * of the project and session, and `conflict` when it has ended or is nothing that can be ended alone. Returns its status now:
 * `cancelling` while a worker has still to stop it.
 */
export function cancelExecution(
  kernel: Kernel,
  options: Place & { actor: string; reason?: string | undefined },
): Promise<{ status: RunStatus }> {
  const { projectId, sessionId, reason: said } = options;
  return kernel.database.transaction(async (sql) => {
    await lockSession(sql, { projectId, sessionId });
    const reason = said ? await maskSaid(kernel, sql, { sessionId, said }) : null;
    return cancelInTransaction(sql, { ...options, reason });
  });
}

/** In the caller's transaction; `reason` is masked. */
export async function cancelInTransaction(
  sql: Transaction,
  options: Place & { actor: string; reason: string | null },
): Promise<{ status: RunStatus }> {
  const { sessionId, actor, reason } = options;
  const { execution, followUpId, isHeld } = await lockExecution(sql, options);
  cancelTarget(execution.status, 'agent');
  if (execution.status === 'cancelling') return { status: 'cancelling' };
  sql.write('update execution set cancel_requested_by = $2, cancel_reason = $3 where id = $1', [
    execution.id,
    actor,
    reason,
  ]);
  const status = await writeBatch(sql, { sessionId }, async (batch): Promise<RunStatus> => {
    if (!isHeld) {
      const error = describeCancellation(actor, reason);
      await closeExecution(batch, execution, { status: 'cancelled', error });
      return 'cancelled';
    }
    // The row of the request is what counts: whoever runs it may write its own state over this one until it sees that.
    sql.write(`update execution set status = 'cancelling' where id = $1`, [execution.id]);
    const { sessionId: _session, result: _result, ...view } = execution;
    batch.emit({ type: 'execution.upsert', payload: { ...view, status: 'cancelling' } });
    return 'cancelling';
  });
  if (followUpId) await resumeFollowUp(sql, followUpId);
  await wakeRun(sql, { sessionId });
  return { status };
}

/** The session before what is below it, as every writer does. `isHeld`: a worker runs it, or what it belongs to. */
async function lockExecution(
  sql: Sql,
  { projectId, sessionId, executionId }: Place,
): Promise<{ execution: ExecutionRow; followUpId: string | null; isHeld: boolean }> {
  const sessionStatus = await lockSession(sql, { projectId, sessionId });
  for (const { stage, executions } of await loadRunRows(sql, sessionId)) {
    const execution = executions.find(({ id }) => id === executionId);
    if (!execution) continue;
    if (!cancelledAlone.has(stage.type))
      throw new AppError('conflict', `An agent of a ${stage.type} stage is not cancelled alone.`);
    const { followUpId } = stage;
    const holder = followUpId ? await statusOfFollowUp(sql, followUpId) : sessionStatus;
    return { execution, followUpId, isHeld: holder === 'running' || holder === 'cancelling' };
  }
  throw notFound('Execution');
}

async function lockSession(
  sql: Sql,
  { projectId, sessionId }: Pick<Place, 'projectId' | 'sessionId'>,
): Promise<RunStatus> {
  const { rows } = await sql.query<{ status: RunStatus }>(
    'select status from session where id = $1 and project_id = $2 for update',
    [sessionId, projectId],
  );
  const row = rows[0];
  if (!row) throw notFound('Session');
  return row.status;
}

async function statusOfFollowUp(sql: Sql, followUpId: string): Promise<RunStatus | undefined> {
  const { rows } = await sql.query<{ status: RunStatus }>('select status from follow_up where id = $1', [
    followUpId,
  ]);
  return rows[0]?.status;
}
