import type { Sql } from '../db/database.ts';
import { BATCH_EVENTS } from './tunables.ts';

/** A row of a session's event log as it goes to browsers. What the payload means is not this folder's business. */
export type LogEvent = { seq: number; type: string; payload: unknown; createdAt: string };

type LogRow = { seq: number; type: string; payload: unknown; created_at: Date };

/** Events in (`after`, `upTo`], ascending, at most `BATCH_EVENTS`. */
export async function readLog(
  sql: Sql,
  range: { sessionId: string; after: number; upTo: number },
): Promise<LogEvent[]> {
  const { rows } = await sql.query<LogRow>({
    // Prepared: this is the most frequent statement of a web process.
    name: 'relay-read-log',
    text: `select seq, type, payload, created_at from session_event
           where session_id = $1 and seq > $2 and seq <= $3 order by seq limit $4`,
    values: [range.sessionId, range.after, range.upTo, BATCH_EVENTS],
  });
  return rows.map(({ created_at, ...row }) => ({ ...row, createdAt: created_at.toISOString() }));
}

/** Number of the newest event of each session that exists. */
export async function readLatest(sql: Sql, sessionIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql.query<{ id: string; last_seq: number }>(
    'select id, last_seq from session where id = any($1::uuid[])',
    [sessionIds],
  );
  return new Map(rows.map((row) => [row.id, row.last_seq]));
}
