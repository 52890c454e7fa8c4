import type { Sql } from '#src/server/db/database.ts';
import type { TimelineItem } from '../../schema.ts';
import { ITEM_COLUMNS, type ItemRow, itemView } from './session-rows.ts';

type OpenItemEvent = {
  item_id: string;
  type: 'item.delta' | 'item.patch';
  text_offset: number | null;
  text: string | null;
  data: Record<string, unknown> | null;
};

/**
 * Timeline items in the order in which they started, after sequence number `after`. An item that is still open has no
 * content in its row yet: its text is folded from the events up to `cursor`, exactly as a browser does it. The
 * caller's transaction must see one snapshot (repeatable read) in which `cursor` is the newest event.
 */
export async function readItems(
  sql: Sql,
  options: { sessionId: string; cursor: number; after?: number; limit?: number },
): Promise<TimelineItem[]> {
  const { rows } = await sql.query<ItemRow>(
    `select ${ITEM_COLUMNS} from timeline_item where session_id = $1 and seq > $2 and seq <= $3 order by seq limit $4`,
    [options.sessionId, options.after ?? 0, options.cursor, options.limit ?? null],
  );
  const open = rows.filter((row) => row.status === 'streaming' || row.status === 'waiting');
  if (open.length > 0)
    foldOpenItems(open, await readOpenItemEvents(sql, options.sessionId, open, options.cursor));
  return rows.map(itemView);
}

async function readOpenItemEvents(
  sql: Sql,
  sessionId: string,
  open: readonly ItemRow[],
  cursor: number,
): Promise<OpenItemEvent[]> {
  const first = Math.min(...open.map((row) => row.seq));
  const { rows } = await sql.query<OpenItemEvent>(
    `select payload->>'itemId' as item_id, type, (payload->>'offset')::int as text_offset, payload->>'text' as text,
       payload->'data' as data
     from session_event
     where session_id = $1 and seq > $2 and seq <= $3 and type in ('item.delta', 'item.patch')
       and payload->>'itemId' = any($4::text[])
     order by seq`,
    [sessionId, first, cursor, open.map((row) => row.id)],
  );
  return rows;
}

/**
 * Applies deltas and patches to the rows. A delta carries its offset, so text that the row already holds is not
 * doubled. Pieces are joined once per item: a long answer has thousands of them.
 */
function foldOpenItems(open: readonly ItemRow[], events: readonly OpenItemEvent[]): void {
  const pieces = new Map(
    open.map((row) => [row.id, { row, texts: [row.content], length: row.content.length }]),
  );
  for (const event of events) {
    const entry = pieces.get(event.item_id);
    if (!entry) continue;
    if (event.type === 'item.patch') {
      entry.row.data = { ...entry.row.data, ...event.data };
      continue;
    }
    const offset = event.text_offset ?? 0;
    const text = event.text ?? '';
    if (offset === entry.length) entry.texts.push(text);
    else entry.texts = [entry.texts.join('').slice(0, offset), text];
    entry.length = Math.min(offset, entry.length) + text.length;
  }
  for (const { row, texts } of pieces.values()) row.content = texts.join('');
}
