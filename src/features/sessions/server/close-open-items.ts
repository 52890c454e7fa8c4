import type { Sql } from '#src/server/db/database.ts';
import type { EventBody, ItemStatus } from '../schema.ts';
import { appendEvents } from './append-events.ts';
import type { Lane } from './lanes.ts';

/**
 * Closes timeline items that nobody will finish any more: their worker died, or the session has ended. What had been
 * streamed stays as their content, read from the event log. Items that wait for people are closed with the session only.
 */
export async function closeOpenItems(
  sql: Sql,
  options: {
    sessionId: string;
    epoch: number | undefined;
    lane?: Lane;
    /** Only the items of this follow-up; without it all of the session's. */
    followUpId?: string | undefined;
    status: ItemStatus;
    note?: string;
    /** Also those that wait for people. */
    waiting: boolean;
  },
): Promise<number> {
  const { sessionId, epoch, lane, followUpId, status, note, waiting } = options;
  const { rows: items } = await sql.query<{ id: string; seq: number }>(
    `select id, seq from timeline_item where session_id = $1 and (status = 'streaming' or $3 and status = 'waiting')
       and ($2::uuid is null or stage_id in (select id from stage where follow_up_id = $2)) order by seq`,
    [sessionId, followUpId ?? null, waiting],
  );
  const completedAt = new Date().toISOString();
  const data = note ? { interrupted: note } : {};
  const events: EventBody[] = [];
  for (const item of items) {
    const content = await streamedText(sql, sessionId, item);
    await sql.query(
      `update timeline_item set status = $3, content = $4, completed_at = $5, data = data || $6
       where session_id = $1 and id = $2`,
      [sessionId, item.id, status, content, completedAt, JSON.stringify(data)],
    );
    events.push({
      type: 'item.completed',
      payload: { itemId: item.id, status, length: content.length, data, completedAt },
    });
  }
  await appendEvents(sql, { sessionId, epoch, lane, events });
  return items.length;
}

async function streamedText(sql: Sql, sessionId: string, item: { id: string; seq: number }): Promise<string> {
  const { rows } = await sql.query<{ offset: number; text: string }>(
    `select (payload->>'offset')::int as offset, payload->>'text' as text from session_event
     where session_id = $1 and seq > $2 and type = 'item.delta' and payload->>'itemId' = $3 order by seq`,
    [sessionId, item.seq, item.id],
  );
  const started = await sql.query<{ content: string }>(
    'select content from timeline_item where session_id = $1 and id = $2',
    [sessionId, item.id],
  );
  const first = started.rows[0]?.content ?? '';
  return rows.reduce((content, delta) => content.slice(0, delta.offset) + delta.text, first);
}
