import type { Sql } from '#src/server/db/database.ts';
import type { EventBody } from '../schema.ts';

/** PostgreSQL channel on which web processes hear that a session has new events. */
export const EVENTS_CHANNEL = 'tars_events';

/** Another worker has taken the run over; whoever gets this must stop without writing anything more. */
export class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}

/**
 * Appends events to a session's log: one statement that takes the next sequence numbers, inserts the rows and issues
 * one wake-up. With `epoch` it is also the fence: it fails with `LeaseLostError` when the lease has moved on, and the
 * caller's transaction with it. Returns the number of the first event.
 */
export async function appendEvents(
  sql: Sql,
  options: { sessionId: string; events: readonly EventBody[]; epoch?: number },
): Promise<number> {
  const { sessionId, events, epoch } = options;
  if (events.length === 0) return 0;
  const { rows } = await sql.query<{ last_seq: number }>(
    `with owner as (
       update session set last_seq = last_seq + $3
       where id = $1 and ($2::int is null or lease_epoch = $2)
       returning id, project_id, last_seq
     ), inserted as (
       insert into session_event (session_id, seq, type, payload)
       select owner.id, owner.last_seq - $3 + event.ord, event.type, event.payload
       from owner, unnest($4::text[], $5::jsonb[]) with ordinality as event(type, payload, ord)
     )
     select last_seq, pg_notify($6, json_build_object(
       's', id, 'q', last_seq, 'p', project_id, 'l', $7::int)::text)
     from owner`,
    [
      sessionId,
      epoch ?? null,
      events.length,
      events.map((event) => event.type),
      events.map((event) => JSON.stringify(event.payload)),
      EVENTS_CHANNEL,
      events.some(changesListRow) ? 1 : 0,
    ],
  );
  const row = rows[0];
  if (!row) throw new LeaseLostError(`session ${sessionId} is not ours any more`);
  return row.last_seq - events.length + 1;
}

function changesListRow(event: EventBody): boolean {
  return event.type === 'session.patch' || event.type === 'stage.upsert' || event.type === 'execution.upsert';
}
