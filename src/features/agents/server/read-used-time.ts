import type { Sql } from '#src/server/db/database.ts';

/**
 * How long an execution has been at work since its first start, whichever workers it ran in (milliseconds; 0 before it). What
 * it waited for people does not count.
 */
export async function readUsedMs(sql: Sql, executionId: string): Promise<number> {
  const { rows } = await sql.query<{ used_ms: number }>(
    `select extract(epoch from now() - e.started_at - coalesce(waited.sum, interval '0'))::float * 1000 as used_ms
     from execution e left join lateral (
       select sum(upper(span) - lower(span)) from unnest((
         select range_agg(tstzrange(a.requested_at, greatest(a.requested_at, coalesce(a.decided_at, now()))))
         from approval a where a.execution_id = e.id)) as span
     ) waited on true
     where e.id = $1 and e.started_at is not null`,
    [executionId],
  );
  return Math.max(0, rows[0]?.used_ms ?? 0);
}
