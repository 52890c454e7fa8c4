import type { Sql } from '#src/server/db/database.ts';
import { joinBusy, TURN } from '../fair-order.ts';

/**
 * 1-based places in the queue of the whole installation, in the order in which sessions would be claimed from now on, for those
 * of `sessionIds` that wait for any worker. The queue is bounded by `maxPendingSessions`, and the partial index on pending
 * sessions holds nothing else.
 */
export async function readQueuePositions(
  sql: Sql,
  sessionIds: readonly string[],
): Promise<Map<string, number>> {
  if (sessionIds.length === 0) return new Map();
  const { rows } = await sql.query<{ id: string; position: number }>(
    `select id, position from (
       select id, row_number() over (order by turn, arrival) as position from (
         select s.id, s.arrival, ${TURN} as turn from session s ${joinBusy('null')}
         where s.status = 'pending' and s.reserved_for is null
       ) waiting
     ) queue where id = any($1::uuid[])`,
    [sessionIds],
  );
  return new Map(rows.map((row) => [row.id, row.position]));
}
