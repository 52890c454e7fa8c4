import { requestWithoutCosts, withoutCosts } from '#src/lib/without-costs.ts';
import type { Sql } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { NotificationKind, NotificationStatus } from '../schema.ts';
import type { ApprovalFacts, CheckFacts, MessageFacts } from './message/facts.ts';

export type LoadedNotification = {
  id: string;
  destination: string;
  sessionId: string;
  projectId: string;
  fingerprint: string | null;
  kind: NotificationKind;
  ref: string;
  status: NotificationStatus;
  attempts: number;
  createdAt: Date;
};

/**
 * The notification, after those of the same session and destination that were asked for before it and are not sent yet: a
 * problem is told in the order in which it happened. Empty when it has been sent, given up or deleted.
 */
export async function loadUnsent(sql: Sql, notificationId: string): Promise<LoadedNotification[]> {
  const { rows } = await sql.query<LoadedNotification>(
    `select n.id, n.destination, n.session_id as "sessionId", s.project_id as "projectId", a.fingerprint, n.kind, n.ref,
       n.status, n.attempts, n.created_at as "createdAt"
     from notification wanted
     join notification n on n.session_id = wanted.session_id and n.destination = wanted.destination and n.id <= wanted.id
     join session s on s.id = n.session_id join alert a on a.id = s.alert_id
     where wanted.id = $1 and wanted.status in ('pending', 'sending') and n.status in ('pending', 'sending')
     order by n.id`,
    [notificationId],
  );
  return rows;
}

/** What the message says, as it is now; null when what it is about is gone. */
export async function loadFacts(
  kernel: Kernel,
  notification: Pick<LoadedNotification, 'sessionId' | 'kind' | 'ref'>,
): Promise<MessageFacts | null> {
  const facts = await selectFacts(kernel.database.pool, notification);
  if (!facts || kernel.config.current().costs.enabled) return facts;
  const { approval } = facts;
  return {
    ...facts,
    session: withoutCosts(facts.session),
    approval: approval && requestWithoutCosts(approval),
  };
}

async function selectFacts(
  sql: Sql,
  notification: Pick<LoadedNotification, 'sessionId' | 'kind' | 'ref'>,
): Promise<MessageFacts | null> {
  const { rows } = await sql.query<MessageFacts['session']>(
    `select s.id, p.slug as project, s.title, s.alert_type as "alertType", s.severity, a.fingerprint, s.status,
       s.status_reason as "statusReason", s.executive_summary as "executiveSummary", s.final_analysis as "finalAnalysis", s.error,
       s.started_at as "startedAt", s.completed_at as "completedAt",
       (extract(epoch from s.completed_at - coalesce(s.started_at, s.created_at)) * 1000)::float as "durationMs",
       s.cost_usd as "costUsd", s.unpriced_calls as "unpricedCalls", a.count as "alertCount"
     from session s join alert a on a.id = s.alert_id join project p on p.id = s.project_id where s.id = $1`,
    [notification.sessionId],
  );
  const session = rows[0];
  if (!session) return null;
  if (notification.kind === 'started' || notification.kind === 'ended')
    return { session, check: await loadCheck(sql, session.id), approval: null };
  const { rows: approvals } = await sql.query<ApprovalFacts>(
    `select id, kind, status, item_id as "itemId", server, tool, arguments, why, expires_at as "expiresAt",
       decided_at as "decidedAt", decided_by as "decidedBy", reason
     from approval where id::text = $1 and session_id = $2`,
    [notification.ref, notification.sessionId],
  );
  const approval = approvals[0];
  return approval ? { session, check: null, approval } : null;
}

/** What the check came to that the session ran for, beside what its runs before had come to. */
async function loadCheck(sql: Sql, sessionId: string): Promise<CheckFacts | null> {
  const { rows } = await sql.query<CheckFacts>(
    `select c.name, c.outcome, jsonb_array_length(c.findings) as findings, c.since,
       coalesce(c.since < c.ended_at, false) as unchanged,
       c.outcome = 'healthy' and coalesce((select before.outcome = 'findings' from check_run before
         where before.project_id = c.project_id and before.name = c.name and before.ended_at < c.ended_at
           and before.outcome in ('healthy', 'findings') order by before.ended_at desc limit 1), false) as recovered
     from check_run c where c.session_id = $1 and c.status = 'ended'`,
    [sessionId],
  );
  return rows[0] ?? null;
}

/**
 * The thread of a problem: where the destination's newest message about its fingerprint (else about this session) stands,
 * within the window and in this channel. Null when nothing has been posted about it.
 */
export async function findKnownThread(
  sql: Sql,
  options: { notification: LoadedNotification; target: string; windowMs: number },
): Promise<string | null> {
  const { notification, target, windowMs } = options;
  const { rows } = await sql.query<{ thread: string }>(
    `select coalesce(n.thread_id, n.message_id) as thread
     from notification n join session s on s.id = n.session_id join alert a on a.id = s.alert_id
     where n.status = 'sent' and n.destination = $6 and n.message_id is not null
       and n.target = $1
       and n.sent_at > now() - $2 * interval '1 millisecond'
       and case when $3::text is null then s.id = $4 else s.project_id = $5 and a.fingerprint = $3 end
     order by n.sent_at desc limit 1`,
    [
      target,
      windowMs,
      notification.fingerprint,
      notification.sessionId,
      notification.projectId,
      notification.destination,
    ],
  );
  return rows[0]?.thread ?? null;
}

/** The message that asked for a decision, where it was delivered; null otherwise. */
export async function findRequestMessage(
  sql: Sql,
  { sessionId, destination, ref }: LoadedNotification,
): Promise<{ messageId: string | null; target: string } | null> {
  const { rows } = await sql.query<{ messageId: string | null; target: string }>(
    `select message_id as "messageId", target from notification
     where session_id = $1 and destination = $2 and kind = 'approval' and ref = $3 and status = 'sent'`,
    [sessionId, destination, ref],
  );
  return rows[0] ?? null;
}
