import type { Sql } from '#src/server/db/database.ts';
import type { EventBody } from '../schema.ts';
import { epochOfLane, type Lane } from './lanes.ts';

/** PostgreSQL channel on which web processes hear that a session has new events. */
export const EVENTS_CHANNEL = 'tars_events';

/** Another worker has taken the run over; whoever gets this must stop without writing anything more. */
export class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}

export type EventBatch = {
  sessionId: string;
  events: readonly EventBody[];
  /** The epoch under which the writer owns its lane; without it nothing is fenced. */
  epoch?: number | undefined;
  /** `run` unless said otherwise. */
  lane?: Lane | undefined;
};

/**
 * Appends events to a session's log: one statement that takes the next sequence numbers, inserts the rows and issues
 * one wake-up. With `epoch` it is also the fence: it fails with `LeaseLostError` when the lease has moved on, and the
 * caller's transaction with it. Returns the number of the first event.
 */
export async function appendEvents(sql: Sql, batch: EventBatch): Promise<number> {
  if (batch.events.length === 0) return 0;
  const firstSeqs = await appendBatches(sql, [batch]);
  return firstSeqOf(firstSeqs, batch.sessionId);
}

/** The number that a session's first event got. Throws `LeaseLostError` when there is none. */
export function firstSeqOf(firstSeqs: ReadonlyMap<string, number>, sessionId: string): number {
  const firstSeq = firstSeqs.get(sessionId);
  if (firstSeq === undefined) throw new LeaseLostError(`session ${sessionId} is not ours any more`);
  return firstSeq;
}

/**
 * `appendEvents` for several sessions in one statement: at most one batch of each, none of them empty. Returns the
 * number of the first event by session; a session whose lease has moved on is missing from it and got nothing.
 */
export async function appendBatches(sql: Sql, batches: readonly EventBatch[]): Promise<Map<string, number>> {
  const { text, values } = appendStatement(batches);
  const { rows } = await sql.query<{ id: string; last_seq: number; count: number }>({
    name: 'append-events',
    text,
    values,
  });
  return new Map(rows.map((row) => [row.id, row.last_seq - row.count + 1]));
}

/** What `appendBatches` sends. */
export function appendStatement(batches: readonly EventBatch[]): { text: string; values: unknown[] } {
  const rows = batches.flatMap(({ sessionId, events }) =>
    events.map((event, index) => ({ sessionId, ord: index + 1, event })),
  );
  // Locked in one order, so that two workers that both believe to own some sessions do not wait for each other in a ring.
  return {
    text: `with batch as (
       select * from unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $10::text[])
         as b(session_id, epoch, count, list_changed, lane)
     ), locked as (
       select batch.* from session join batch on session.id = batch.session_id
       where batch.epoch is null or ${epochOfLane('session', 'batch.lane')} = batch.epoch
       order by session.id for update of session
     ), owner as (
       update session set last_seq = session.last_seq + locked.count, events_swept_at = null from locked where session.id = locked.session_id
       returning session.id, session.project_id, session.last_seq, locked.count, locked.list_changed
     ), inserted as (
       insert into session_event (session_id, seq, type, payload)
       select owner.id, owner.last_seq - owner.count + event.ord, event.type, event.payload
       from owner join unnest($5::uuid[], $6::int[], $7::text[], $8::jsonb[]) as event(session_id, ord, type, payload)
         on event.session_id = owner.id
     )
     select id, last_seq, count, pg_notify($9, json_build_object(
       's', id, 'q', last_seq, 'p', project_id, 'l', list_changed)::text)
     from owner`,
    values: [
      batches.map(({ sessionId }) => sessionId),
      batches.map(({ epoch }) => epoch ?? null),
      batches.map(({ events }) => events.length),
      batches.map(({ events }) => (events.some(changesListRow) ? 1 : 0)),
      rows.map(({ sessionId }) => sessionId),
      rows.map(({ ord }) => ord),
      rows.map(({ event }) => event.type),
      rows.map(({ event }) => JSON.stringify(event.payload)),
      EVENTS_CHANNEL,
      batches.map(({ lane }) => lane ?? 'run'),
    ],
  };
}

function changesListRow(event: EventBody): boolean {
  return event.type === 'session.patch' || event.type === 'stage.upsert' || event.type === 'execution.upsert';
}
