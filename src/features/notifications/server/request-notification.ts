import type { Sql } from '#src/server/db/database.ts';
import { newId } from '#src/server/ids.ts';
import { addJob } from '#src/server/jobs/define-job.ts';
import type { NotificationKind } from '../schema.ts';
import { NOTIFICATION_QUEUE, notificationJobKey, sendNotificationJob } from './jobs.ts';

/**
 * These write what people shall be told, and the job that tells them, through the caller's transaction: the message exists
 * if and only if what it speaks of does. Asking twice for the same changes nothing. Where no Slack is configured, the job
 * removes the row again. Reserved sessions are attempts of an evaluation: nobody is told of a simulated incident.
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

/** A row of `approval` waits for a person: a tool call to decide on, or a question to answer. */
export const notifyApproval = (sql: Sql, options: { sessionId: string; approvalId: string }): Promise<void> =>
  request(sql, { sessionId: options.sessionId, kind: 'approval', ref: options.approvalId });

async function request(
  sql: Sql,
  notification: { sessionId: string; kind: NotificationKind; ref: string },
): Promise<void> {
  const { rows } = await sql.query<{ id: string }>(
    `insert into notification (id, session_id, channel, kind, ref)
     select $1, s.id, 'slack', $3, $4 from session s where s.id = $2 and s.reserved_for is null
     on conflict (session_id, channel, kind, ref) do nothing returning id`,
    [newId(), notification.sessionId, notification.kind, notification.ref],
  );
  const id = rows[0]?.id;
  if (id) await enqueueNotification(sql, id);
}

export const enqueueNotification = (sql: Sql, id: string, runAt?: Date): Promise<void> =>
  addJob(
    sql,
    sendNotificationJob,
    { notificationId: id },
    { key: notificationJobKey(id), queue: NOTIFICATION_QUEUE, ...(runAt ? { runAt } : {}) },
  );
