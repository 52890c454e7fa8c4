import { headOf, storable } from '#src/lib/storable-text.ts';
import type { Sql } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { LoadedNotification } from './load-notification.ts';
import type { Posted } from './post-message.ts';
import type { SlackFailure } from './slack/classify-slack-error.ts';
import { ERROR_MAX_CHARS } from './tunables.ts';

/** The system warning about notifications: there while the last one that ended was not delivered. */
const WARNING_KEY = 'notifications:slack';

/** Marks an attempt before it is made; null when somebody else has ended the notification. */
export async function takeUp(
  kernel: Kernel,
  notification: LoadedNotification,
): Promise<{ wasSending: boolean } | null> {
  const { rowCount } = await kernel.database.pool.query(
    `update notification set status = 'sending', attempts = attempts + 1 where id = $1 and status = $2 and attempts = $3`,
    [notification.id, notification.status, notification.attempts],
  );
  return rowCount === 1 ? { wasSending: notification.status === 'sending' } : null;
}

/** It was delivered, or there is nothing left to say (then the row goes). */
export async function saveSent(
  kernel: Kernel,
  options: { notification: LoadedNotification; target: string; posted: Posted },
): Promise<void> {
  const { notification, target, posted } = options;
  if (posted.ts === null) {
    await kernel.database.pool.query('delete from notification where id = $1', [notification.id]);
    return;
  }
  await kernel.database.transaction(async (sql) => {
    await sql.query(
      `update notification set status = 'sent', sent_at = clock_timestamp(), message_ts = $2, thread_ts = $3, target = $4, error = null
       where id = $1`,
      [notification.id, posted.ts, posted.thread, target],
    );
    await sql.query('delete from system_warning where key = $1', [WARNING_KEY]);
  });
  kernel.metrics.notifications.inc({ kind: notification.kind, outcome: 'sent' });
}

/** It was not delivered this time and is tried again. Where the outcome is not known, the row goes on saying "sending". */
export async function saveWaiting(
  kernel: Kernel,
  options: { notification: LoadedNotification; failure: SlackFailure },
): Promise<void> {
  const { notification, failure } = options;
  await kernel.database.pool.query('update notification set status = $2, error = $3 where id = $1', [
    notification.id,
    failure.kind === 'unknown' ? 'sending' : 'pending',
    shorten(failure.message),
  ]);
  kernel.metrics.notifications.inc({ kind: notification.kind, outcome: 'retried' });
  kernel.log.warn(
    { notificationId: notification.id, sessionId: notification.sessionId, reason: failure.message },
    'notification not sent yet',
  );
}

/** It will not be delivered: recorded with the row, as a warning on the system page, and in the log. */
export async function saveFailure(
  kernel: Kernel,
  options: { notification: LoadedNotification; reason: string },
): Promise<void> {
  const { notification } = options;
  const reason = shorten(options.reason);
  await kernel.database.transaction(async (sql) => {
    await sql.query(`update notification set status = 'failed', error = $2 where id = $1`, [
      notification.id,
      reason,
    ]);
    await writeWarning(sql, reason);
  });
  kernel.metrics.notifications.inc({ kind: notification.kind, outcome: 'failed' });
  kernel.log.error(
    { notificationId: notification.id, sessionId: notification.sessionId, reason },
    'notification not sent',
  );
}

async function writeWarning(sql: Sql, reason: string): Promise<void> {
  await sql.query(
    `insert into system_warning (key, message) values ($1, $2) on conflict (key) do update set message = $2, created_at = now()`,
    [WARNING_KEY, `A Slack notification was not delivered: ${reason}. Check with: npx tars notify test`],
  );
}

const shorten = (text: string): string => headOf(storable(text), ERROR_MAX_CHARS);
