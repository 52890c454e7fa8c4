import { z } from 'zod';
import type { Sql } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { TraceItem } from '../../schema.ts';
import { logsRemoved } from './describe-removed.ts';
import { decodeCursor, encodeCursor } from './page-cursor.ts';
import { requireSession, type SessionKey } from './read-session.ts';
import { costView } from './show-costs.ts';
import { type ExecutionMessages, type LlmCallRow, llmTraceItem, readMessages } from './trace-llm-call.ts';
import { type ToolCallRow, toolTraceItem } from './trace-tool-call.ts';
import { TRACE_PAGE_CHARS } from './tunables.ts';

const cursorSchema = z.object({ at: z.number().min(0).max(8.64e15), id: z.uuid() });

/**
 * Every model call and tool call of a session by time of start, with what was sent and received (masked). A page may
 * hold fewer than `limit` when its payloads are large. Throws `not_found`, `bad_request`.
 */
export async function readTrace(
  kernel: Kernel,
  options: SessionKey & { limit: number; cursor?: string | undefined },
): Promise<{ items: TraceItem[]; nextCursor: string | null }> {
  const after = options.cursor
    ? decodeCursor(options.cursor, cursorSchema)
    : { at: 0, id: '00000000-0000-0000-0000-000000000000' };
  return kernel.database.transaction(async (sql) => {
    await requireSession(sql, options);
    const entries = await readPlaces(sql, options.sessionId, after, options.limit + 1);
    const page = entries.slice(0, options.limit);
    const found = await readCalls(sql, page, logsRemoved(kernel.config.current()));
    const items = fitPage(page.flatMap((entry) => found(entry) ?? [])).map(costView(kernel).traceItem);
    const last = page[items.length - 1];
    const more = items.length < entries.length;
    return { items, nextCursor: last && more ? encodeCursor({ at: last.at.getTime(), id: last.id }) : null };
  }, 'repeatable read');
}

type Place = { id: string; kind: 'llm' | 'tool'; at: Date };

/** Ids in order of time first: the payloads of other pages are never read. Calls that have not begun are left out. */
async function readPlaces(
  sql: Sql,
  sessionId: string,
  after: { at: number; id: string },
  limit: number,
): Promise<Place[]> {
  const { rows } = await sql.query<Place>(
    `select id, kind, at from (
       select id, 'llm' as kind, started_at as at from llm_call where session_id = $1
       union all
       select id, 'tool', coalesce(started_at, completed_at) from tool_call where session_id = $1 and item_id is not null
     ) calls
     where at is not null and (at, id) > ($2::timestamptz, $3::uuid)
     order by at, id limit $4`,
    [sessionId, new Date(after.at), after.id, limit],
  );
  return rows;
}

async function readCalls(
  sql: Sql,
  page: readonly Place[],
  removedNote: string,
): Promise<(place: Place) => TraceItem | undefined> {
  const ids = (kind: Place['kind']) => page.filter((place) => place.kind === kind).map((place) => place.id);
  const { rows: llmCalls } = await sql.query<LlmCallRow>(
    `select id, execution_id, kind, iteration, provider, model, request, response, input_tokens, output_tokens,
       cached_input_tokens, reasoning_tokens, cost_usd, error, started_at, duration_ms, logs_removed_at from llm_call where id = any($1::uuid[])`,
    [ids('llm')],
  );
  const { rows: toolCalls } = await sql.query<ToolCallRow>(
    `select id, session_id, execution_id, item_id, server, tool, arguments, status, result, output_id, error, started_at,
       completed_at, duration_ms, logs_removed_at, coalesce((
         select json_agg(json_build_object('id', i.id, 'position', i.position, 'mediaType', i.media_type, 'width', i.width,
           'height', i.height, 'bytes', i.bytes, 'forModels', i.for_models) order by i.position)
         from tool_image i where i.execution_id = c.execution_id and i.call_id = c.call_id), '[]') as images
     from tool_call c where id = any($1::uuid[])`,
    [ids('tool')],
  );
  const messages: ExecutionMessages = await readMessages(sql, llmCalls);
  const items = new Map<string, TraceItem>();
  for (const row of llmCalls) items.set(row.id, llmTraceItem(row, messages, removedNote));
  for (const row of toolCalls) items.set(row.id, toolTraceItem(row, removedNote));
  return (place) => items.get(place.id);
}

/** At least one item, then as many as stay within the size of a page. */
function fitPage(items: TraceItem[]): TraceItem[] {
  let chars = 0;
  const end = items.findIndex((item, index) => {
    chars += JSON.stringify(item).length;
    return index > 0 && chars > TRACE_PAGE_CHARS;
  });
  return end < 0 ? items : items.slice(0, end);
}
