import type { Sql } from '#src/server/db/database.ts';
import { ALERT_DUE, EVENTS_DUE, LOGS_DUE, SESSION_DUE, USAGE_DUE } from './due.ts';
import { lockDueSessions, type Place } from './lock-due-sessions.ts';
import { ALERTS_PER_BATCH, EVENTS_PER_BATCH, USAGE_ROWS_PER_BATCH } from './tunables.ts';

/** What one transaction removed, and where the walk goes on; null at its end. */
export type Batch = { removed: number; next: Place | null };
type Walk = { ageMs: number; after: Place };

/**
 * Requests and responses of model and tool calls, conversations, kept outputs and images. The calls themselves stay, with
 * their times, tokens and cost; what the timeline shows of results stays too.
 */
export async function removeLogs(sql: Sql, walk: Walk): Promise<Batch> {
  const { ids, next } = await lockDueSessions(sql, { due: LOGS_DUE, ...walk });
  if (ids.length === 0) return { removed: 0, next };
  const models = await sql.query(
    `update llm_call set request = jsonb_build_object('tools', coalesce(request->'tools', '[]'),
         'images', coalesce(request->'images', '0')), response = null, logs_removed_at = now()
     where session_id = any($1::uuid[]) and logs_removed_at is null`,
    [ids],
  );
  const tools = await sql.query(
    `update tool_call set arguments = '{}', arguments_sealed = null, result = null, output_id = null,
       logs_removed_at = now()
     where session_id = any($1::uuid[]) and logs_removed_at is null`,
    [ids],
  );
  await sql.query('delete from message where session_id = any($1::uuid[])', [ids]);
  await sql.query('delete from tool_set where session_id = any($1::uuid[])', [ids]);
  await sql.query('delete from tool_output where session_id = any($1::uuid[])', [ids]);
  await sql.query('delete from tool_image where session_id = any($1::uuid[])', [ids]);
  await sql.query('update session set logs_swept_at = now() where id = any($1::uuid[])', [ids]);
  return { removed: (models.rowCount ?? 0) + (tools.rowCount ?? 0), next };
}

/**
 * The beginning of one session's log. What is kept stays dense, and `first_seq` says where it begins. A long log takes
 * several batches; newer events (a repeat of its alert, say) stay until they are old.
 */
export async function removeEvents(sql: Sql, walk: Walk): Promise<Batch> {
  const { ids, next } = await lockDueSessions(sql, { due: EVENTS_DUE, ...walk, limit: 1 });
  const [id] = ids;
  if (id === undefined) return { removed: 0, next };
  const { rows } = await sql.query<{ first_seq: number; last_seq: number; until: number }>(
    `select s.first_seq, s.last_seq, coalesce((
       select min(seq) from session_event e where e.session_id = s.id
         and e.created_at >= now() - $2 * interval '1 millisecond'), s.last_seq + 1) as until
     from session s where s.id = $1`,
    [id, walk.ageMs],
  );
  const { first_seq: first, last_seq: last, until } = rows[0] ?? { first_seq: 1, last_seq: 0, until: 1 };
  const upTo = Math.max(first, Math.min(until, first + EVENTS_PER_BATCH));
  const { rowCount } = await sql.query('delete from session_event where session_id = $1 and seq < $2', [
    id,
    upTo,
  ]);
  await sql.query(
    'update session set first_seq = $2, events_swept_at = case when $3 then now() end where id = $1',
    [id, upTo, upTo > last],
  );
  // Not done with it: the same session comes next again.
  return { removed: rowCount ?? 0, next: upTo < until ? walk.after : next };
}

/** Whole sessions with everything below them. What memories learned stays, without its source; so do results of evaluations. */
export async function deleteSessions(sql: Sql, walk: Walk): Promise<Batch> {
  const { ids, next } = await lockDueSessions(sql, { due: SESSION_DUE, ...walk });
  if (ids.length === 0) return { removed: 0, next };
  // These two know sessions by id only; everything else hangs on the row and goes with it.
  await sql.query('update evaluation_result set session_id = null where session_id = any($1::uuid[])', [ids]);
  await sql.query('delete from idempotency_key where session_id = any($1::uuid[])', [ids]);
  const { rowCount } = await sql.query('delete from session where id = any($1::uuid[])', [ids]);
  return { removed: rowCount ?? 0, next };
}

/** Alerts that have not fired for as long as a session is kept, and have none left. */
export async function deleteAlerts(sql: Sql, { ageMs, after }: Walk): Promise<Batch> {
  const { rows } = await sql.query<{ id: string; last_fired_at: Date }>(
    `select a.id, a.last_fired_at from alert a
     where ${ALERT_DUE} and (a.last_fired_at, a.id) > ($2::timestamptz, $3::uuid)
     order by a.last_fired_at, a.id limit $4 for update of a skip locked`,
    [ageMs, after.completedAt, after.id, ALERTS_PER_BATCH],
  );
  const last = rows.at(-1);
  if (!last) return { removed: 0, next: null };
  // Again, now that they are locked: a session that was made of one in between must not go with it.
  const { rowCount } = await sql.query(`delete from alert a where a.id = any($2::uuid[]) and ${ALERT_DUE}`, [
    ageMs,
    rows.map(({ id }) => id),
  ]);
  return { removed: rowCount ?? 0, next: { completedAt: last.last_fired_at, id: last.id } };
}

/** What was used so long ago that no report asks for it. Nobody writes to a day that is over. */
export async function deleteUsage(sql: Sql, { ageMs, after }: Walk): Promise<Batch> {
  const { rowCount } = await sql.query(
    `delete from usage_day where ctid = any(array(select u.ctid from usage_day u where ${USAGE_DUE} limit $2))`,
    [ageMs, USAGE_ROWS_PER_BATCH],
  );
  const removed = rowCount ?? 0;
  return { removed, next: removed < USAGE_ROWS_PER_BATCH ? null : after };
}
