import {
  closeRun,
  type EndStatus,
  indexTimeline,
  sourcesOf,
  writeBatch,
} from '#src/features/sessions/server/index.ts';
import type { Transaction } from '#src/server/db/database.ts';
import { findPendingFollowUp } from './claim-follow-up.ts';
import type { FollowUpPlace } from './follow-up.ts';
import { enqueueFollowUp } from './jobs.ts';
import { mirrorStage } from './mirror-stage.ts';
import { endScoring } from './scoring-state.ts';

export type FollowUpEnd = {
  status: EndStatus;
  /** Absent leaves the reason that is there: who cancelled it. */
  statusReason?: string;
  /** Absent is the reason of a cancellation. */
  error?: string;
  /** What its stage came to. */
  result?: string | null;
};

/**
 * Writes the end of a follow-up once, with everything below it, in the caller's transaction, and has the next one of its lane
 * started. Returns false when it had already ended. Throws `LeaseLostError` when `epoch` is not the lane's any more.
 */
export function finishFollowUp(
  sql: Transaction,
  options: FollowUpPlace & { followUpId: string; epoch?: number; end: FollowUpEnd },
): Promise<boolean> {
  const { sessionId, followUpId, lane, epoch, end } = options;
  return writeBatch(sql, { sessionId, lane, epoch }, async (batch) => {
    const { rows } = await sql.query<{ completed_at: Date; error: string | null }>(
      `update follow_up set status = $2::"RunStatus", status_reason = coalesce($3, status_reason),
         error = coalesce($4, case when $2::"RunStatus" = 'cancelled' then coalesce($3, status_reason) end),
         completed_at = now(), lease_owner = null, lease_heartbeat_at = null, waiting_since = null
       where id = $1 and status = any($5::"RunStatus"[]) returning completed_at, error`,
      [followUpId, end.status, end.statusReason ?? null, end.error ?? null, sourcesOf(end.status)],
    );
    const row = rows[0];
    if (!row) return false;
    const completedAt = row.completed_at.toISOString();
    await mirrorStage(batch, options, {
      status: end.status,
      error: row.error,
      result: end.result ?? null,
      completedAt,
    });
    const { events, counts } = await closeRun(sql, { sessionId, followUpId, lane, epoch, end, completedAt });
    if (lane === 'chat') await indexTimeline(sql, sessionId);
    else await endScoring(sql, { followUpId, status: end.status });
    for (const event of events) batch.emit(event);
    if (counts) batch.emit({ type: 'session.patch', payload: { counts } });
    const next = await findPendingFollowUp(sql, lane, sessionId);
    if (next) await enqueueFollowUp(sql, next);
    return true;
  });
}
