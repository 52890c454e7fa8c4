import { settleCheckRun } from '#src/features/check-outcomes/server/index.ts';
import { notifyEnded } from '#src/features/notifications/server/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import type { SessionPatch } from '../schema.ts';
import { appendEvents } from './append-events.ts';
import { closeRun, type EndStatus } from './close-run.ts';
import { indexTimeline } from './index-timeline.ts';
import { REVIEW_COLUMNS, type ReviewColumns, reviewView } from './review-columns.ts';
import { sourcesOf } from './transitions.ts';

/** Every end asks for a review, but nobody has to look at what was cancelled, nor at an attempt of an evaluation. A claim made while it ran stays. */
const OPEN_REVIEW_SQL = `review_status = case when $2 = 'cancelled' or reserved_for is not null then 'reviewed'::"ReviewStatus"
         else coalesce(review_status, 'needs_review'::"ReviewStatus") end,
       reviewed_at = case when $2 = 'cancelled' or reserved_for is not null then now() end`;

export type SessionEnd = {
  status: EndStatus;
  /** Absent leaves the reason that is there: who cancelled it. */
  statusReason?: string;
  error?: string;
};

/**
 * Writes the end of a session once, with everything below it, in the caller's transaction: nothing is left running under
 * a finished parent. Returns false when the session had already ended (somebody else was first); then nothing changes.
 */
export async function finishSession(
  sql: Sql,
  options: { sessionId: string; end: SessionEnd; epoch?: number },
): Promise<boolean> {
  const { sessionId, end, epoch } = options;
  const { rows } = await sql.query<{ completed_at: Date; status_reason: string | null } & ReviewColumns>(
    `update session set status = $2::"RunStatus", status_reason = coalesce($3, status_reason), error = $4, completed_at = now(),
       lease_owner = null, lease_heartbeat_at = null, ${OPEN_REVIEW_SQL}
     where id = $1 and status = any($5::"RunStatus"[]) and ($6::int is null or lease_epoch = $6)
     returning completed_at, status_reason, ${REVIEW_COLUMNS}`,
    [
      sessionId,
      end.status,
      end.statusReason ?? null,
      end.error ?? null,
      sourcesOf(end.status),
      epoch ?? null,
    ],
  );
  const row = rows[0];
  if (!row) return false;
  const check = await settleCheckRun(sql, {
    sessionId,
    status: end.status,
    reason: row.status_reason,
    error: end.error ?? null,
  });
  const review = check && !check.isNews ? await closeReview(sql, sessionId) : row;
  const completedAt = row.completed_at.toISOString();
  const { events, counts } = await closeRun(sql, { sessionId, epoch, end, completedAt });
  await indexTimeline(sql, sessionId);
  const patch: SessionPatch = {
    status: end.status,
    statusReason: row.status_reason,
    error: end.error ?? null,
    completedAt,
    queuePosition: null,
    pendingApprovals: [],
    review: reviewView(review ?? row),
    ...(check ? { check: check.view } : {}),
    ...(counts ? { counts } : {}),
  };
  await appendEvents(sql, {
    sessionId,
    epoch,
    events: [...events, { type: 'session.patch', payload: patch }],
  });
  if (!check || check.notify) await notifyEnded(sql, { sessionId });
  return true;
}

/** A check that found nothing new asks nobody for a review. A claim made while it ran stays. */
async function closeReview(sql: Sql, sessionId: string): Promise<ReviewColumns | undefined> {
  const { rows } = await sql.query<ReviewColumns>(
    `update session set review_status = 'reviewed', reviewed_at = now()
     where id = $1 and review_status = 'needs_review' returning ${REVIEW_COLUMNS}`,
    [sessionId],
  );
  return rows[0];
}
