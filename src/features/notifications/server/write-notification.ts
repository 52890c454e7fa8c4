import { headOf, storable } from '#src/lib/storable-text.ts';
import type { Sql } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { createMasker } from '#src/server/masking/index.ts';
import type { Delivered } from './deliver-message.ts';
import type { DeliveryFailure } from './destination/delivery-error.ts';
import type { LoadedNotification } from './load-notification.ts';
import { ERROR_MAX_CHARS, STATE_WINDOW_MS } from './tunables.ts';

/** The system warning about a destination: there while the last message to it that ended was not delivered. */
const warningKey = (destination: string): string => `notifications:${destination}`;

/** Marks an attempt before it is made; null when somebody else has ended the notification. */
export async function takeUp(
  kernel: Kernel,
  notification: LoadedNotification,
): Promise<{ mayBePosted: boolean } | null> {
  const { rowCount } = await kernel.database.pool.query(
    `update notification set status = 'sending', attempts = attempts + 1 where id = $1 and status = $2 and attempts = $3`,
    [notification.id, notification.status, notification.attempts],
  );
  return rowCount === 1 ? { mayBePosted: notification.status === 'sending' } : null;
}

export const deleteNotification = async (sql: Sql, id: string): Promise<void> =>
  void (await sql.query('delete from notification where id = $1', [id]));

/** It was delivered, or there is nothing left to say (then the row goes). */
export async function saveSent(
  kernel: Kernel,
  options: { notification: LoadedNotification; delivered: Delivered | null },
): Promise<void> {
  const { notification, delivered } = options;
  if (delivered === null) return deleteNotification(kernel.database.pool, notification.id);
  const { messageId, threadId, target } = delivered;
  await kernel.database.transaction(async (sql) => {
    await sql.query(
      `update notification set status = 'sent', sent_at = clock_timestamp(), message_id = $2, thread_id = $3, target = $4, error = null
       where id = $1`,
      [notification.id, messageId, threadId, target],
    );
    await recordSuccess(sql, notification.destination);
  });
  count(kernel, notification, 'sent');
}

/** A destination took a message: whatever was wrong with it is over. */
export async function recordSuccess(sql: Sql, destination: string): Promise<void> {
  await sql.query(
    `insert into notification_destination (name, last_sent_at) values ($1, clock_timestamp())
     on conflict (name) do update set last_sent_at = clock_timestamp()`,
    [destination],
  );
  await sql.query('delete from system_warning where key = $1', [warningKey(destination)]);
}

/** Nothing more is sent there before this time. */
export async function holdDestination(sql: Sql, destination: string, until: Date): Promise<void> {
  await sql.query(
    `insert into notification_destination (name, held_until) values ($1, $2)
     on conflict (name) do update set held_until = $2`,
    [destination, until],
  );
}

/** Until when the destination wants to hear nothing; null when that is over. */
export async function readHeldUntil(sql: Sql, destination: string): Promise<Date | null> {
  const { rows } = await sql.query<{ held_until: Date }>(
    'select held_until from notification_destination where name = $1 and held_until > clock_timestamp()',
    [destination],
  );
  return rows[0]?.held_until ?? null;
}

/** What could not even be prepared is in no row: a warning tells of it, for a day. */
const LOST_KEY = 'lost-notification';

export async function warnOfLost(
  kernel: Kernel,
  sql: Sql,
  options: { sessionId: string; kind: string; reason: string },
): Promise<void> {
  const { sessionId, kind, reason } = options;
  kernel.log.error({ sessionId, kind, reason }, 'nobody is told: the message could not be prepared');
  const message = `Nobody was told of session ${sessionId} (${kind}): the message could not be prepared. ${createMasker({ groups: ['security'] }).text(reason)}`;
  await sql.query(
    `insert into system_warning (key, message) values ($1, $2) on conflict (key) do update set message = $2, created_at = now()`,
    [LOST_KEY, shorten(message)],
  );
}

export async function forgetLost(sql: Sql): Promise<void> {
  await sql.query(
    `delete from system_warning where key = $1 and created_at < now() - $2 * interval '1 millisecond'`,
    [LOST_KEY, STATE_WINDOW_MS],
  );
}

export async function recordError(sql: Sql, destination: string, reason: string): Promise<void> {
  await sql.query(
    `insert into notification_destination (name, last_error, last_error_at) values ($1, $2, clock_timestamp())
     on conflict (name) do update set last_error = $2, last_error_at = clock_timestamp()`,
    [destination, shorten(reason)],
  );
}

/** It was not delivered this time and is tried again. Where the outcome is not known, the row goes on saying "sending". */
export async function saveWaiting(
  kernel: Kernel,
  options: { notification: LoadedNotification; failure: DeliveryFailure },
): Promise<void> {
  const { notification, failure } = options;
  const status = failure.kind === 'unknown' ? 'sending' : 'pending';
  await kernel.database.transaction(async (sql) => {
    await sql.query('update notification set status = $2, error = $3 where id = $1', [
      notification.id,
      status,
      shorten(failure.message),
    ]);
    await recordError(sql, notification.destination, failure.message);
  });
  count(kernel, notification, 'retried');
  kernel.log.warn({ ...logFields(notification), reason: failure.message }, 'notification not sent yet');
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
    await recordError(sql, notification.destination, reason);
    await writeWarning(sql, notification.destination, reason);
  });
  count(kernel, notification, 'failed');
  kernel.log.error({ ...logFields(notification), reason }, 'notification not sent');
}

async function writeWarning(sql: Sql, destination: string, reason: string): Promise<void> {
  const message = `A notification to ${destination} was not delivered: ${reason}. Check with: npx tars notify test ${destination}`;
  await sql.query(
    `insert into system_warning (key, message) values ($1, $2) on conflict (key) do update set message = $2, created_at = now()`,
    [warningKey(destination), message],
  );
}

/** Warnings about destinations that are not configured any more. */
export async function forgetWarnings(sql: Sql, { except }: { except: readonly string[] }): Promise<void> {
  await sql.query(`delete from system_warning where starts_with(key, $1) and not key = any($2)`, [
    warningKey(''),
    except.map(warningKey),
  ]);
}

const count = (
  kernel: Kernel,
  { destination, kind }: LoadedNotification,
  outcome: 'sent' | 'retried' | 'failed',
): void => kernel.metrics.notifications.inc({ destination, kind, outcome });

const logFields = ({ id, sessionId, destination }: LoadedNotification) => ({
  notificationId: id,
  sessionId,
  destination,
});

const shorten = (text: string): string => headOf(storable(text), ERROR_MAX_CHARS);
