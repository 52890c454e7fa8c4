import {
  closeOpenItems,
  epochColumns,
  LEASE_STALE_MS,
  writeBatch,
} from '#src/features/sessions/server/index.ts';
import type { Database, Sql } from '#src/server/db/database.ts';
import {
  type FollowUpClaim,
  type FollowUpLane,
  kindsOfLane,
  locateFollowUp,
  lockSession,
  OPEN_STATUSES,
  takeLane,
} from './follow-up.ts';
import { mirrorStage } from './mirror-stage.ts';

const STALE = `(lease_owner is null or lease_heartbeat_at < now() - interval '${LEASE_STALE_MS} milliseconds')`;

/** SQL: nothing of the same lane is before `f`. The parameter names the lane's kinds. */
const isFirst = (kinds: string) => `not exists (
  select 1 from follow_up earlier where earlier.session_id = f.session_id and earlier.kind = any(${kinds}::"FollowUpKind"[])
    and earlier.arrival < f.arrival and earlier.status in ${OPEN_STATUSES})`;

/** Claims a pending follow-up that is the first of its session's lane. Returns null when it is not, or not any more. */
export function claimFollowUp(
  database: Database,
  options: { workerId: string; followUpId: string },
): Promise<FollowUpClaim | null> {
  const { workerId, followUpId } = options;
  return database.transaction(async (sql) => {
    const place = await locateFollowUp(sql, followUpId);
    if (!place) return null;
    await lockSession(sql, place.sessionId);
    const { rows } = await sql.query<{ attempts: number; started_at: Date }>(
      `update follow_up f set status = 'running', started_at = coalesce(started_at, clock_timestamp()), lease_owner = $2,
         lease_heartbeat_at = clock_timestamp(), attempts = attempts + 1
       where id = $1 and status = 'pending' and ${isFirst('$3')} returning attempts, started_at`,
      [followUpId, workerId, kindsOfLane[place.lane]],
    );
    const row = rows[0];
    if (!row) return null;
    const epoch = await takeLane(sql, place);
    const startedAt = row.started_at.toISOString();
    await writeBatch(sql, { ...place, epoch }, (batch) =>
      mirrorStage(batch, { ...place, followUpId }, { status: 'running', startedAt }),
    );
    return { ...place, followUpId, epoch, attempts: row.attempts, resumed: row.attempts > 1 };
  });
}

/**
 * Takes over a follow-up whose worker has stopped beating (or let it go on shutdown). What that worker had open in the
 * timeline is closed as interrupted. Returns null when it is in good hands or has ended.
 */
export function takeOverFollowUp(
  database: Database,
  options: { workerId: string; followUpId: string },
): Promise<FollowUpClaim | null> {
  const { workerId, followUpId } = options;
  return database.transaction(async (sql) => {
    const place = await locateFollowUp(sql, followUpId);
    if (!place) return null;
    await lockSession(sql, place.sessionId);
    const { rows } = await sql.query<{ attempts: number }>(
      `update follow_up set lease_owner = $2, lease_heartbeat_at = now(), attempts = attempts + 1
       where id = $1 and status in ('running', 'cancelling') and ${STALE} returning attempts`,
      [followUpId, workerId],
    );
    const row = rows[0];
    if (!row) return null;
    const epoch = await takeLane(sql, place);
    await closeOpenItems(sql, {
      ...place,
      followUpId,
      epoch,
      status: 'failed',
      waiting: false,
      note: 'The worker stopped here; another one went on.',
    });
    return { ...place, followUpId, epoch, attempts: row.attempts, resumed: true };
  });
}

/** Running follow-ups that no worker takes care of. */
export async function findAbandonedFollowUps(sql: Sql, lane: FollowUpLane): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `select id from follow_up where kind = any($1::"FollowUpKind"[]) and status in ('running', 'cancelling') and ${STALE}
     limit 100`,
    [kindsOfLane[lane]],
  );
  return rows.map((row) => row.id);
}

/** The oldest follow-up of the lane that could be started now, of one session or of any; null when there is none. */
export async function findPendingFollowUp(
  sql: Sql,
  lane: FollowUpLane,
  sessionId: string | null = null,
): Promise<string | null> {
  const { rows } = await sql.query<{ id: string }>(
    `select f.id from follow_up f where f.status = 'pending' and f.kind = any($1::"FollowUpKind"[])
       and ($2::uuid is null or f.session_id = $2) and ${isFirst('$1')} order by f.arrival limit 1`,
    [kindsOfLane[lane], sessionId],
  );
  return rows[0]?.id ?? null;
}

/** Beats the lease. Says whether it is still ours, and whether somebody wants the follow-up cancelled. */
export async function beatFollowUp(sql: Sql, claim: FollowUpClaim): Promise<'held' | 'cancelling' | 'lost'> {
  const { rows } = await sql.query<{ status: string }>(
    `update follow_up f set lease_heartbeat_at = now() from session
     where f.id = $1 and f.status in ('running', 'cancelling') and ${isOurs(claim)} returning f.status`,
    [claim.followUpId, claim.epoch],
  );
  if (!rows[0]) return 'lost';
  return rows[0].status === 'cancelling' ? 'cancelling' : 'held';
}

/** Gives the follow-up back, still running: the next worker that looks takes it over at once. */
export async function releaseFollowUp(sql: Sql, claim: FollowUpClaim): Promise<void> {
  await sql.query(
    `update follow_up f set lease_owner = null, attempts = f.attempts - 1 from session where f.id = $1 and ${isOurs(claim)}`,
    [claim.followUpId, claim.epoch],
  );
}

/** SQL: nobody has taken the lane of `f` since the claim. */
const isOurs = ({ lane }: FollowUpClaim) =>
  `session.id = f.session_id and session.${epochColumns[lane]} = $2`;
