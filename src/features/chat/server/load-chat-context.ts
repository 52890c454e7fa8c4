import type { RunSession } from '#src/features/agents/server/index.ts';
import type { FollowUpRun } from '#src/features/follow-ups/server/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import type { ChatContext, EarlierTurn, OutlineCall } from './compose-chat-prompt.ts';
import { OUTLINE_RESULT_MAX_CHARS } from './tunables.ts';

type EndRecord = { status: string; final_analysis: string | null; error: string | null };

/** What a question starts from, out of the session's rows; all of it is masked. */
export async function loadChatContext(
  sql: Sql,
  { session, followUp }: { session: RunSession; followUp: FollowUpRun['followUp'] },
): Promise<ChatContext> {
  const { rows } = await sql.query<EndRecord>(
    'select status, final_analysis, error from session where id = $1',
    [session.id],
  );
  const [end] = rows;
  if (!end) throw new Error(`session ${session.id} does not exist`);
  return {
    alert: session.alert,
    runbook: { text: session.runbook, note: session.runbookNote },
    status: end.status,
    error: end.error,
    finalAnalysis: end.final_analysis,
    stages: await loadStageResults(sql, session.id, end.final_analysis),
    calls: await loadCalls(sql, session.id),
    turns: await loadEarlierTurns(sql, session.id, followUp.id),
    question: followUp.content,
    author: followUp.author,
  };
}

async function loadStageResults(
  sql: Sql,
  sessionId: string,
  analysis: string | null,
): Promise<ChatContext['stages']> {
  const { rows } = await sql.query<{ name: string; result: string }>(
    `select name, result from stage where session_id = $1 and follow_up_id is null and type <> 'summary' and result <> ''
       and result is distinct from $2 order by index`,
    [sessionId, analysis],
  );
  return rows;
}

/** Calls of the investigation and of earlier answers, in order; those to TARS itself say nothing new. */
async function loadCalls(sql: Sql, sessionId: string): Promise<OutlineCall[]> {
  const { rows } = await sql.query<OutlineCall>(
    // Where retention has removed payloads, what the timeline shows of them.
    `select c.call_id as "callId", c.server || '.' || c.tool as name, coalesce(i.data->'arguments', c.arguments) as arguments,
       c.status, c.output_bytes as "outputBytes", left(coalesce(c.result, i.data->>'result', ''), $2) as head
     from tool_call c left join timeline_item i on i.id = c.item_id and i.session_id = c.session_id
     where c.session_id = $1 and c.server <> 'tars' and c.started_at is not null order by c.started_at, c.index`,
    [sessionId, 2 * OUTLINE_RESULT_MAX_CHARS],
  );
  return rows;
}

async function loadEarlierTurns(sql: Sql, sessionId: string, followUpId: string): Promise<EarlierTurn[]> {
  const { rows } = await sql.query<EarlierTurn>(
    `select f.author, f.content as question, stage.result as answer, f.status
     from follow_up f join stage on stage.follow_up_id = f.id
     where f.session_id = $1 and f.kind = 'chat' and f.arrival < (select arrival from follow_up where id = $2)
     order by f.arrival`,
    [sessionId, followUpId],
  );
  return rows;
}
