import type { EndStatus } from '#src/features/sessions/server/index.ts';
import type { Sql } from '#src/server/db/database.ts';

/** Keeps on the session where its newest score stands, with the follow-up that makes it: the list can be narrowed by it. */
export async function startScoring(sql: Sql, sessionId: string): Promise<void> {
  await sql.query(`update session set scoring = 'running' where id = $1`, [sessionId]);
}

/** Does nothing for follow-ups of another kind. What was cancelled leaves the earlier score, or none. */
export async function endScoring(
  sql: Sql,
  options: { followUpId: string; status: EndStatus },
): Promise<void> {
  await sql.query(
    `update session s set scoring = case
         when $2 = 'completed' or ($2 = 'cancelled' and s.score is not null) then 'scored'
         when $2 = 'cancelled' then 'not_scored' else 'failed' end::"Scoring"
     from follow_up f where f.id = $1 and f.kind = 'score' and s.id = f.session_id`,
    [options.followUpId, options.status],
  );
}
