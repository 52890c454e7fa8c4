import { findDecidedExecutions, loadRunRows, writeBatch } from '#src/features/sessions/server/index.ts';
import type { Database, Transaction } from '#src/server/db/database.ts';
import { type FollowUpClaim, locateFollowUp, lockSession } from './follow-up.ts';
import { enqueueFollowUp } from './jobs.ts';
import { mirrorStage } from './mirror-stage.ts';

/**
 * Lets a follow-up wait for people, held by no worker. When they have decided everything in the meantime it goes on at once.
 * The time it waits counts against no limit, and as no attempt.
 */
export async function parkFollowUp(database: Database, claim: FollowUpClaim): Promise<void> {
  const { followUpId, sessionId, lane, epoch } = claim;
  await database.transaction(async (sql) => {
    const parked = await writeBatch(sql, { sessionId, lane, epoch }, async (batch) => {
      const { rowCount } = await sql.query(
        `update follow_up set status = 'waiting', waiting_since = now(), lease_owner = null, lease_heartbeat_at = null,
           attempts = attempts - 1
         where id = $1 and status = 'running'`,
        [followUpId],
      );
      if (rowCount) await mirrorStage(batch, claim, { status: 'waiting' });
      return rowCount;
    });
    if (parked && (await mayGoOn(sql, claim))) await resumeFollowUp(sql, followUpId);
  });
}

/** Has a waiting follow-up go on, in the transaction of the decision. Returns false when it does not wait. */
export async function resumeFollowUp(sql: Transaction, followUpId: string): Promise<boolean> {
  const place = await locateFollowUp(sql, followUpId);
  if (!place) return false;
  await lockSession(sql, place.sessionId);
  const { rowCount } = await sql.query(
    `update follow_up set status = 'pending', waiting_since = null,
       waited_ms = waited_ms + (extract(epoch from now() - waiting_since) * 1000)::int
     where id = $1 and status = 'waiting'`,
    [followUpId],
  );
  if (!rowCount) return false;
  await writeBatch(sql, { sessionId: place.sessionId }, (batch) =>
    mirrorStage(batch, { ...place, followUpId }, { status: 'pending' }),
  );
  await enqueueFollowUp(sql, followUpId);
  return true;
}

/** Everything has been decided, or something that the run has not taken up yet. */
async function mayGoOn(sql: Transaction, { sessionId, followUpId }: FollowUpClaim): Promise<boolean> {
  const mine = (await loadRunRows(sql, sessionId, followUpId)).flatMap(({ executions }) => executions);
  const decided = await findDecidedExecutions(sql, sessionId);
  if (mine.some(({ id }) => decided.has(id))) return true;
  const { rowCount } = await sql.query(
    `select 1 from approval where status = 'pending' and execution_id = any($1) limit 1`,
    [mine.map(({ id }) => id)],
  );
  return !rowCount;
}
