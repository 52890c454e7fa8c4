import type { Sql } from '#src/server/db/database.ts';
import type { SearchableText, TextSource } from './search-texts.ts';

/**
 * Everything of a session that has words, as references to texts: tool calls by the id that answers cite, other items by
 * their own. The turn that asks is left out, it would find itself.
 */
async function listTexts(sql: Sql, sessionId: string, exceptFollowUpId: string): Promise<TextSource[]> {
  const { rows } = await sql.query<TextSource>(
    `select ref, kind, label from (
       select c.call_id as ref, 'tool' as kind, c.server || '.' || c.tool || ' ' || left(coalesce(i.data->'arguments', c.arguments)::text, 160) as label, i.seq
       from tool_call c join timeline_item i on i.id = c.item_id and i.session_id = c.session_id
         join execution e on e.id = c.execution_id join stage on stage.id = e.stage_id
       where c.session_id = $1 and c.server <> 'tars' and coalesce(c.result, i.data->>'result') is not null
         and stage.follow_up_id is distinct from $2
       union all
       select i.id::text, 'entry', replace(i.type, '_', ' ') || coalesce(' of ' || coalesce(e.agent, i.data->>'author'), ''), i.seq
       from timeline_item i left join execution e on e.id = i.execution_id
         left join stage on stage.id = i.stage_id
       where i.session_id = $1 and i.type not in ('tool_call', 'compaction') and i.content <> ''
         and stage.follow_up_id is distinct from $2
     ) texts order by seq`,
    [sessionId, exceptFollowUpId],
  );
  return rows;
}

/**
 * The whole masked text behind a reference, a kept output included; null when the session has no such thing. Where retention
 * has removed a result, what the timeline shows of it.
 */
export async function loadText(sql: Sql, sessionId: string, ref: string): Promise<string | null> {
  const { rows } = await sql.query<{ text: string }>(
    `select coalesce(o.content, c.result, i.data->>'result', '') as text from tool_call c
       left join timeline_item i on i.id = c.item_id and i.session_id = c.session_id
       left join tool_output o on o.id = c.output_id and o.session_id = c.session_id
     where c.session_id = $1 and c.call_id = $2
     union all
     select content from timeline_item where session_id = $1 and id::text = $2
     limit 1`,
    [sessionId, ref],
  );
  return rows[0]?.text ?? null;
}

/** The texts of a session, one at a time: an output may be large. */
export async function* readSessionTexts(
  sql: Sql,
  options: { sessionId: string; exceptFollowUpId: string },
): AsyncGenerator<SearchableText> {
  const { sessionId, exceptFollowUpId } = options;
  for (const source of await listTexts(sql, sessionId, exceptFollowUpId)) {
    const text = await loadText(sql, sessionId, source.ref);
    if (text !== null) yield { ...source, text };
  }
}
