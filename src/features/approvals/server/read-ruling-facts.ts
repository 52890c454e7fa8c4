import type { Sql } from '#src/server/db/database.ts';
import type { RequestedDecision } from './decide-ruling.ts';

type Row = {
  kind: RequestedDecision['kind'] | null;
  status: RequestedDecision['status'] | null;
  decided_by: string | null;
  reason: string | null;
  granted: boolean;
};

/**
 * What people have said about a planned call, which may not be written yet, and about its tool for the rest of the
 * session. Who allows a tool has been told whose rights it uses (`request-approval`), so that holds for the same rights only:
 * a question in the chat may be another person's.
 */
export async function readRulingFacts(
  sql: Sql,
  call: {
    sessionId: string;
    executionId: string;
    iteration: number;
    index: number;
    server: string;
    tool: string;
    /** Whose sign-in it would use; null where that is nobody's in particular. */
    actsForId: string | null;
  },
): Promise<{ decision: RequestedDecision | null; granted: boolean }> {
  const { rows } = await sql.query<Row>(
    `select a.kind, a.status, a.decided_by, a.reason, exists (
         select 1 from approval g join execution e on e.id = g.execution_id join stage st on st.id = e.stage_id
           join session s on s.id = g.session_id left join follow_up f on f.id = st.follow_up_id
         where g.session_id = $1 and g.server = $5 and g.tool = $6 and g.kind = 'tool'
           and g.status = 'approved' and g.scope = 'session'
           and ($7::uuid is null or case when f.id is null then s.author_id else f.author_id end = $7)) as granted
     from (values (1)) as one left join (tool_call c join approval a on a.tool_call_id = c.id)
       on c.execution_id = $2 and c.iteration = $3 and c.index = $4`,
    [call.sessionId, call.executionId, call.iteration, call.index, call.server, call.tool, call.actsForId],
  );
  const row = rows[0];
  const decision =
    row?.kind && row.status
      ? { kind: row.kind, status: row.status, decidedBy: row.decided_by, reason: row.reason }
      : null;
  return { decision, granted: row?.granted ?? false };
}
