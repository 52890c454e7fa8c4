import type { Sql } from '#src/server/db/database.ts';
import { SESSIONS_PER_BATCH } from './tunables.ts';

/** Where a walk over sessions stands: the end and id of the last one looked at. */
export type Place = { completedAt: Date; id: string };
export const START: Place = { completedAt: new Date(0), id: '00000000-0000-0000-0000-000000000000' };

/**
 * The next sessions that are due, oldest end first, locked to the end of the transaction; those that somebody is writing
 * to are passed over. Looked at twice: what another transaction committed between the first look and the lock shows
 * only in the second. `next` is null when there are no more behind these.
 */
export async function lockDueSessions(
  sql: Sql,
  options: { due: string; ageMs: number; after: Place; limit?: number },
): Promise<{ ids: string[]; next: Place | null }> {
  const { due, ageMs, after, limit = SESSIONS_PER_BATCH } = options;
  const { rows } = await sql.query<{ id: string; completed_at: Date }>(
    `select s.id, s.completed_at from session s join alert on alert.id = s.alert_id
     where ${due} and (s.completed_at, s.id) > ($2::timestamptz, $3::uuid)
     order by s.completed_at, s.id limit $4
     for update of s skip locked for share of alert skip locked`,
    [ageMs, after.completedAt, after.id, limit],
  );
  const last = rows.at(-1);
  if (!last) return { ids: [], next: null };
  const still = await sql.query<{ id: string }>(
    `select s.id from session s where s.id = any($2::uuid[]) and ${due}`,
    [ageMs, rows.map(({ id }) => id)],
  );
  return { ids: still.rows.map(({ id }) => id), next: { completedAt: last.completed_at, id: last.id } };
}
