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
 * session.
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
  },
): Promise<{ decision: RequestedDecision | null; granted: boolean }> {
  const { rows } = await sql.query<Row>(
    `select a.kind, a.status, a.decided_by, a.reason, exists (
         select 1 from approval g where g.session_id = $1 and g.server = $5 and g.tool = $6 and g.kind = 'tool'
           and g.status = 'approved' and g.scope = 'session') as granted
     from (values (1)) as one left join (tool_call c join approval a on a.tool_call_id = c.id)
       on c.execution_id = $2 and c.iteration = $3 and c.index = $4`,
    [call.sessionId, call.executionId, call.iteration, call.index, call.server, call.tool],
  );
  const row = rows[0];
  const decision =
    row?.kind && row.status
      ? { kind: row.kind, status: row.status, decidedBy: row.decided_by, reason: row.reason }
      : null;
  return { decision, granted: row?.granted ?? false };
}
