import { listDestinations } from '#src/server/config/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import { errorMessage } from '#src/server/errors.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { NotificationKind } from '../schema.ts';
import { chooseDestinations } from './choose-destinations.ts';
import { eventOf } from './message/compose-message.ts';
import { enqueueNotification } from './request-notification.ts';
import { forgetLost, forgetWarnings, warnOfLost } from './write-notification.ts';

type Dispatch = { sessionId: string; kind: NotificationKind; ref: string; at: string };

/** The same as a job: what fails at its last attempt is a warning, since no row would tell of it. */
export async function dispatchOrWarn(
  kernel: Kernel,
  options: Dispatch & { isLastAttempt: boolean },
): Promise<void> {
  const { isLastAttempt, ...dispatch } = options;
  try {
    await dispatchNotification(kernel, dispatch);
  } catch (error) {
    if (!isLastAttempt) throw error;
    await warnOfLost(kernel, kernel.database.pool, { ...dispatch, reason: errorMessage(error) });
  }
}

/**
 * Writes a row and a job for every destination that shall be told, in one transaction. A decision is told where its request
 * was: nobody else knows what it is about.
 */
async function dispatchNotification(kernel: Kernel, options: Dispatch): Promise<void> {
  const { sessionId, kind, ref, at } = options;
  const configured = listDestinations(kernel.config.current().notifications);
  await kernel.database.transaction(async (sql) => {
    await forgetLost(sql);
    await forgetWarnings(sql, { except: configured.map(([name]) => name) });
    const subject = await readSubject(sql, sessionId);
    if (!subject) return;
    const chosen = chooseDestinations(configured, { event: eventOf(kind), ...subject });
    const asked = kind === 'decision' ? await readAsked(sql, { sessionId, ref }) : null;
    for (const destination of chosen.filter((name) => asked?.has(name) ?? true)) {
      const { rows } = await sql.query<{ id: string }>(
        `insert into notification (id, session_id, destination, kind, ref, created_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (session_id, destination, kind, ref) do nothing returning id`,
        [newId(), sessionId, destination, kind, ref, at],
      );
      const id = rows[0]?.id;
      if (id) await enqueueNotification(sql, { id, destination });
    }
  });
}

async function readSubject(sql: Sql, sessionId: string) {
  const { rows } = await sql.query<{ project: string; severity: string | null; alertType: string }>(
    `select p.slug as project, s.severity, s.alert_type as "alertType"
     from session s join project p on p.id = s.project_id where s.id = $1`,
    [sessionId],
  );
  return rows[0];
}

/** Destinations that were told of a request, or are about to be. */
async function readAsked(
  sql: Sql,
  { sessionId, ref }: { sessionId: string; ref: string },
): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ destination: string }>(
    `select destination from notification where session_id = $1 and kind = 'approval' and ref = $2 and status <> 'failed'`,
    [sessionId, ref],
  );
  return new Set(rows.map((row) => row.destination));
}
