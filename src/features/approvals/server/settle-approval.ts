import { resumeFollowUp } from '#src/features/follow-ups/server/index.ts';
import { notifyDecided } from '#src/features/notifications/server/index.ts';
import { appendEvents, readPendingApprovals, wakeRun } from '#src/features/sessions/server/index.ts';
import type { Transaction } from '#src/server/db/database.ts';
import type { ApprovalStatus } from '../schema.ts';

export type OpenApproval = {
  id: string;
  session_id: string;
  item_id: string;
  kind: 'tool' | 'question' | 'pause';
  follow_up_id: string | null;
};

export type Settlement = {
  status: Exclude<ApprovalStatus, 'pending'>;
  /** Null when time decided. */
  decidedBy: string | null;
  /** Masked. */
  reason: string | null;
  scope: 'once' | 'session';
  /** Of a pause that is over: how many more iterations. */
  granted: number | null;
};

/**
 * Writes a decision once, tells everybody who watches, and has the run taken up again. The caller holds the locks of the
 * session and of the pending approval, and the transaction.
 */
export async function settleApproval(
  sql: Transaction,
  approval: OpenApproval,
  settlement: Settlement,
): Promise<void> {
  const { status, decidedBy, reason, scope, granted } = settlement;
  const decidedAt = new Date();
  await sql.query(
    `update approval set status = $2::"ApprovalStatus", decided_by = $3, reason = $4, scope = $5, decided_at = $6,
       granted_iterations = $7 where id = $1`,
    [approval.id, status, decidedBy, reason, scope, decidedAt, granted],
  );
  const completedAt = decidedAt.toISOString();
  // To conclude is how many an investigation ends; only what is refused has failed.
  const itemStatus = approval.kind === 'pause' && status === 'denied' ? 'completed' : ITEM_STATUS[status];
  const isAnswer = approval.kind === 'question' && status === 'approved';
  const data = {
    decision: DECISIONS[status],
    decidedBy,
    decidedAt: completedAt,
    scope,
    ...(granted === null ? {} : { granted }),
    ...(isAnswer ? { answer: reason ?? '', answeredBy: decidedBy } : { reason }),
  };
  const { rows } = await sql.query<{ length: number }>(
    `update timeline_item set status = $3, completed_at = $4, data = data || $5
     where session_id = $1 and id = $2 returning length(content) as length`,
    [approval.session_id, approval.item_id, itemStatus, completedAt, JSON.stringify(data)],
  );
  await appendEvents(sql, {
    sessionId: approval.session_id,
    events: [
      {
        type: 'item.completed',
        payload: {
          itemId: approval.item_id,
          status: itemStatus,
          length: rows[0]?.length ?? 0,
          data,
          completedAt,
        },
      },
      {
        type: 'session.patch',
        payload: { pendingApprovals: await readPendingApprovals(sql, approval.session_id) },
      },
    ],
  });
  await notifyDecided(sql, { sessionId: approval.session_id, approvalIds: [approval.id] });
  if (approval.follow_up_id) await resumeFollowUp(sql, approval.follow_up_id);
  await wakeRun(sql, { sessionId: approval.session_id });
}

const DECISIONS = {
  approved: 'approve',
  denied: 'deny',
  expired: 'expired',
  cancelled: 'cancelled',
} as const;

const ITEM_STATUS = {
  approved: 'completed',
  denied: 'failed',
  expired: 'timed_out',
  cancelled: 'cancelled',
} as const;
