import { notifyStarted } from '#src/features/notifications/server/index.ts';
import type { Database, Sql } from '#src/server/db/database.ts';
import { lockKeys } from '#src/server/db/lock-keys.ts';
import { appendEvents } from './append-events.ts';
import { closeOpenItems } from './close-open-items.ts';
import { joinBusy, NEXT_FIRST } from './fair-order.ts';
import { LEASE_STALE_MS } from './tunables.ts';

/** The right to run a session. Every write of the run carries the epoch; a later claim makes it void. */
export type Claim = { sessionId: string; epoch: number; attempts: number; resumed: boolean };

type ClaimRow = { id: string; lease_epoch: number; attempts: number };

/** Sessions that are reserved for one runner are nobody else's, and count against nobody else's limits. */
type Reservation = { reservedFor?: string };

/**
 * Claims the session whose turn it is (see `fair-order.ts`), unless `maxRunning` are running already. The count and the
 * claim are one transaction under one lock, so the limit is exact across all workers. Returns null when there is nothing
 * to do.
 */
export async function claimNextSession(
  database: Database,
  options: { workerId: string; maxRunning: number } & Reservation,
): Promise<Claim | null> {
  return database.transaction(async (sql) => {
    await sql.query('select pg_advisory_xact_lock($1)', [lockKeys.claim]);
    const { rows } = await sql.query<ClaimRow & { started_at: Date }>(
      // The clock, not the transaction's time: it may have waited for the lock while another session ended.
      `update session set status = 'running', started_at = coalesce(started_at, clock_timestamp()), lease_owner = $1,
         lease_heartbeat_at = clock_timestamp(), lease_epoch = lease_epoch + 1, attempts = attempts + 1
       where id = (
         select s.id from session s ${joinBusy('$3')}
         where s.status = 'pending' and s.reserved_for is not distinct from $3
           and (select count(*) from session
                where status in ('running', 'cancelling') and reserved_for is not distinct from $3) < $2
         order by ${NEXT_FIRST} limit 1 for update of s skip locked)
       returning id, lease_epoch, attempts, started_at`,
      [options.workerId, options.maxRunning, options.reservedFor ?? null],
    );
    const row = rows[0];
    if (!row) return null;
    await appendEvents(sql, {
      sessionId: row.id,
      epoch: row.lease_epoch,
      events: [
        {
          type: 'session.patch',
          payload: { status: 'running', startedAt: row.started_at.toISOString(), queuePosition: null },
        },
      ],
    });
    if (row.attempts === 1) await notifyStarted(sql, { sessionId: row.id });
    return { sessionId: row.id, epoch: row.lease_epoch, attempts: row.attempts, resumed: row.attempts > 1 };
  });
}

/**
 * Takes over a session whose worker has stopped beating (or let it go on shutdown). What that worker had open in the
 * timeline is closed as interrupted. Returns null when it is in good hands or has ended.
 */
export async function takeOverSession(
  database: Database,
  options: { workerId: string; sessionId: string } & Reservation,
): Promise<Claim | null> {
  return database.transaction(async (sql) => {
    const { rows } = await sql.query<ClaimRow>(
      `update session set lease_owner = $2, lease_heartbeat_at = now(), lease_epoch = lease_epoch + 1,
         attempts = attempts + 1
       where id = $1 and status in ('running', 'cancelling') and ${STALE}
         and reserved_for is not distinct from $3
       returning id, lease_epoch, attempts`,
      [options.sessionId, options.workerId, options.reservedFor ?? null],
    );
    const row = rows[0];
    if (!row) return null;
    await closeOpenItems(sql, {
      sessionId: row.id,
      epoch: row.lease_epoch,
      status: 'failed',
      waiting: false,
      note: 'The worker stopped here; another one went on.',
    });
    return { sessionId: row.id, epoch: row.lease_epoch, attempts: row.attempts, resumed: true };
  });
}

const STALE = `(lease_owner is null or lease_heartbeat_at < now() - interval '${LEASE_STALE_MS} milliseconds')`;

/** Running sessions that no worker takes care of, and any may. */
export async function findAbandonedSessions(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `select id from session
     where status in ('running', 'cancelling') and ${STALE} and reserved_for is null limit 100`,
  );
  return rows.map((row) => row.id);
}

/** The session whose turn it is and that any worker could start now, or null. */
export async function findPendingSession(sql: Sql, maxRunning: number): Promise<string | null> {
  const { rows } = await sql.query<{ id: string }>(
    `select s.id from session s ${joinBusy('null')} where s.status = 'pending' and s.reserved_for is null
       and (select count(*) from session where status in ('running', 'cancelling') and reserved_for is null) < $1
     order by ${NEXT_FIRST} limit 1`,
    [maxRunning],
  );
  return rows[0]?.id ?? null;
}

/** Beats the lease. Says whether it is still ours, and whether somebody wants the session cancelled. */
export async function beatLease(sql: Sql, claim: Claim): Promise<'held' | 'cancelling' | 'lost'> {
  const { rows } = await sql.query<{ status: string }>(
    `update session set lease_heartbeat_at = now()
     where id = $1 and lease_epoch = $2 and status in ('running', 'cancelling') returning status`,
    [claim.sessionId, claim.epoch],
  );
  if (!rows[0]) return 'lost';
  return rows[0].status === 'cancelling' ? 'cancelling' : 'held';
}

/** Gives the session back, still running: the next worker that looks takes it over at once. */
export async function releaseLease(sql: Sql, claim: Claim): Promise<void> {
  await sql.query(
    'update session set lease_owner = null, attempts = attempts - 1 where id = $1 and lease_epoch = $2',
    [claim.sessionId, claim.epoch],
  );
}
