import type { Database } from '#src/server/db/database.ts';
import { type OpenApproval, settleApproval } from './settle-approval.ts';
import { EXPIRE_AT_ONCE } from './tunables.ts';

/** Has overdue requests count as denied; a paused agent concludes. Several workers may do this at once. Returns how many there were. */
export async function expireApprovals(database: Database): Promise<number> {
  const { rows } = await database.pool.query<{ id: string; session_id: string }>(
    `select id, session_id from approval where status = 'pending' and expires_at <= now() order by expires_at limit $1`,
    [EXPIRE_AT_ONCE],
  );
  let expired = 0;
  for (const { id, session_id: sessionId } of rows) {
    await database.transaction(async (sql) => {
      await sql.query('select 1 from session where id = $1 for update', [sessionId]);
      const found = await sql.query<OpenApproval>(
        `select a.id, a.session_id, a.item_id, a.kind, stage.follow_up_id
         from approval a join execution e on e.id = a.execution_id join stage on stage.id = e.stage_id
         where a.id = $1 and a.status = 'pending' for update of a`,
        [id],
      );
      const approval = found.rows[0];
      if (!approval) return;
      await settleApproval(sql, approval, {
        status: 'expired',
        decidedBy: null,
        reason: null,
        scope: 'once',
        granted: null,
      });
      expired += 1;
    });
  }
  return expired;
}
