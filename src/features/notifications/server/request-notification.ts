import type { Sql } from '#src/server/db/database.ts';
import { addJob } from '#src/server/jobs/define-job.ts';
import type { NotificationKind } from '../schema.ts';
import {
  DISPATCH_QUEUE,
  deliveryQueue,
  dispatchNotificationJob,
  notificationJobKey,
  sendNotificationJob,
} from './jobs.ts';

/**
 * These write, through the caller's transaction, the job that tells people: it exists if and only if what it speaks of does.
 * Which destinations are told is decided by the job, since that transaction knows no configuration. Asking twice for the same
 * changes nothing. Reserved sessions are attempts of an evaluation: nobody is told of a simulated incident.
 */

/** An investigation starts. Only where the alert carries a fingerprint: then the message opens the problem's thread. */
export async function notifyStarted(sql: Sql, options: { sessionId: string }): Promise<void> {
  const { rows } = await sql.query(
    'select 1 from session s join alert a on a.id = s.alert_id where s.id = $1 and a.fingerprint is not null',
    [options.sessionId],
  );
  if (rows.length > 0) await request(sql, { ...options, kind: 'started', ref: '' });
}

/** A session has ended, in whatever way. */
export const notifyEnded = (sql: Sql, options: { sessionId: string }): Promise<void> =>
  request(sql, { ...options, kind: 'ended', ref: '' });

/** A row of `approval` waits for a person: a tool call to decide on, a question to answer. */
export const notifyApproval = (sql: Sql, options: { sessionId: string; approvalId: string }): Promise<void> =>
  request(sql, { sessionId: options.sessionId, kind: 'approval', ref: options.approvalId });

/** Rows of `approval` wait no longer: decided, expired, or withdrawn. */
export async function notifyDecided(
  sql: Sql,
  options: { sessionId: string; approvalIds: readonly string[] },
): Promise<void> {
  for (const ref of options.approvalIds)
    await request(sql, { sessionId: options.sessionId, kind: 'decision', ref });
}

async function request(
  sql: Sql,
  notification: { sessionId: string; kind: NotificationKind; ref: string },
): Promise<void> {
  const { sessionId, kind, ref } = notification;
  const { rows } = await sql.query<{ now: Date }>(
    'select now() as now from session where id = $1 and reserved_for is null',
    [sessionId],
  );
  const at = rows[0]?.now.toISOString();
  if (at === undefined) return;
  await addJob(
    sql,
    dispatchNotificationJob,
    { ...notification, at },
    { key: `dispatch-notification:${sessionId}:${kind}:${ref}`, queue: DISPATCH_QUEUE },
  );
}

/** The job that sends a notification, now or at a time. */
export const enqueueNotification = (
  sql: Sql,
  { id, destination, runAt }: { id: string; destination: string; runAt?: Date },
): Promise<void> =>
  addJob(
    sql,
    sendNotificationJob,
    { notificationId: id },
    { key: notificationJobKey(id), queue: deliveryQueue(destination), ...(runAt ? { runAt } : {}) },
  );
