import type { Sql } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { EventBody, SessionEvent } from '../../schema.ts';
import { requireSession, type SessionKey } from './read-session.ts';
import { costView } from './show-costs.ts';
import { EVENTS_LIMIT_MAX } from './tunables.ts';

type EventRow = EventBody & { seq: number; created_at: Date };

/**
 * Events above `after`, ascending and without a gap, at most `limit`; `latest` is the newest there is, so a caller
 * knows whether to ask again. Up to `removedUpTo` retention has removed them: nobody can go on from an earlier number, and
 * gets none. Throws `not_found`.
 */
export async function readEvents(
  kernel: Kernel,
  options: SessionKey & { after: number; limit?: number },
): Promise<{ events: SessionEvent[]; latest: number; removedUpTo: number }> {
  const { pool } = kernel.database;
  const { firstSeq, lastSeq } = await requireSession(pool, options);
  const range = { latest: lastSeq, removedUpTo: firstSeq - 1 };
  if (options.after >= lastSeq || options.after < range.removedUpTo) return { events: [], ...range };
  const limit = Math.min(options.limit ?? EVENTS_LIMIT_MAX, EVENTS_LIMIT_MAX);
  const events = await selectEvents(pool, { ...options, limit, upTo: lastSeq });
  return { events: events.map(costView(kernel).event), ...range };
}

async function selectEvents(
  sql: Sql,
  options: { sessionId: string; after: number; upTo: number; limit: number },
): Promise<SessionEvent[]> {
  const { rows } = await sql.query<EventRow>(
    `select seq, type, payload, created_at from session_event where session_id = $1 and seq > $2 and seq <= $3
     order by seq limit $4`,
    [options.sessionId, options.after, options.upTo, options.limit],
  );
  return rows.map(({ created_at, ...event }) => ({ ...event, createdAt: created_at.toISOString() }));
}
