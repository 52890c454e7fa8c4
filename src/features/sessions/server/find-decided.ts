import type { Sql } from '#src/server/db/database.ts';

/** A call of the execution e that people have decided on, and that waits all the same. */
const DECIDED_CALL = `select 1 from approval a join tool_call c on c.id = a.tool_call_id
  where a.execution_id = e.id and a.status <> 'pending' and c.status = 'waiting'`;

/**
 * Executions that people have decided something for which no run has taken up yet: a call that waits, a pause, or that the
 * execution shall end; with the executions that wait for them. Main run and follow-ups alike; the caller knows its own.
 */
export async function findDecidedExecutions(sql: Sql, sessionId: string): Promise<Set<string>> {
  const { rows } = await sql.query<{ id: string; parent_execution_id: string | null }>(
    `select e.id, e.parent_execution_id from execution e
     where e.session_id = $1 and e.completed_at is null and (
       e.cancel_requested_by is not null
       or exists (${DECIDED_CALL})
       -- A pause is taken up by going on: the execution waits no longer, or has come further.
       or e.status = 'waiting' and exists (
         select 1 from approval a
         where a.execution_id = e.id and a.kind = 'pause' and a.status <> 'pending' and a.at_iterations = e.iterations))`,
    [sessionId],
  );
  return new Set(
    rows.flatMap((row) => [row.id, ...(row.parent_execution_id ? [row.parent_execution_id] : [])]),
  );
}

/** Whether people have decided on a call of this execution that still waits for it. */
export async function hasDecidedCall(sql: Sql, executionId: string): Promise<boolean> {
  const { rows } = await sql.query<{ decided: boolean }>(
    `select exists (${DECIDED_CALL}) as decided from execution e where e.id = $1`,
    [executionId],
  );
  return rows[0]?.decided ?? false;
}
