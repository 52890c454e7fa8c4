import type { Sql } from '#src/server/db/database.ts';
import { notificationJobKey } from './jobs.ts';
import { STRANDED_AFTER_MS } from './tunables.ts';

/** Notifications that wait although no job speaks for them: a worker died with the last attempt of their job. */
export async function findStrandedNotifications(sql: Sql): Promise<{ id: string; destination: string }[]> {
  const { rows } = await sql.query<{ id: string; destination: string }>(
    `select n.id, n.destination from notification n
     where n.status in ('pending', 'sending') and n.created_at < now() - $1 * interval '1 millisecond'
       and not exists (select from graphile_worker.jobs j where j.key = $2 || n.id::text)
     limit 100`,
    [STRANDED_AFTER_MS, notificationJobKey('')],
  );
  return rows;
}
