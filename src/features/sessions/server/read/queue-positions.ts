import type { Sql } from '#src/server/db/database.ts';

/**
 * 1-based places in the queue of the whole installation, by order of arrival, for those of `sessionIds` that are
 * pending. The queue is bounded by `maxPendingSessions`, and the partial index on pending sessions holds nothing else.
 */
export async function readQueuePositions(
  sql: Sql,
  sessionIds: readonly string[],
): Promise<Map<string, number>> {
  if (sessionIds.length === 0) return new Map();
  const { rows } = await sql.query<{ id: string; position: number }>(
    `select id, position from (
       select id, row_number() over (order by arrival) as position from session where status = 'pending'
     ) queue where id = any($1::uuid[])`,
    [sessionIds],
  );
  return new Map(rows.map((row) => [row.id, row.position]));
}
