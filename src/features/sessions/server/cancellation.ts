import type { Sql } from '#src/server/db/database.ts';

/** "cancelled by Ana: wrong cluster": what the execution ends with, for people and for the agent that started it. */
export const describeCancellation = (by: string, reason: string | null): string =>
  `cancelled by ${by}${reason ? `: ${reason}` : ''}`;

/** Executions of a session that a person wants ended and that have not ended yet, with what they end with. */
export async function readCancellations(sql: Sql, sessionId: string): Promise<Map<string, string>> {
  const { rows } = await sql.query<{ id: string; by: string; reason: string | null }>(
    `select id, cancel_requested_by as by, cancel_reason as reason from execution
     where session_id = $1 and cancel_requested_by is not null and completed_at is null`,
    [sessionId],
  );
  return new Map(rows.map(({ id, by, reason }) => [id, describeCancellation(by, reason)]));
}
