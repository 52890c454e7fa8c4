import type { Transaction } from '#src/server/db/database.ts';
import { appendEvents } from './append-events.ts';
import type { Claim } from './claim-session.ts';
import { loadRunRows, saveStageRow } from './run-rows.ts';

/**
 * Puts a running session aside because all that is left of it waits for people: no worker holds it, and its slot is free.
 * Changes nothing when a decision has come in the meantime (`decided`), or the session is not ours to run any more: somebody
 * cancels it, or the lease is lost. `undecided` is asked under the session's lock, which every decision takes.
 */
export async function parkSession(
  sql: Transaction,
  options: { claim: Claim; undecided: (sql: Transaction) => Promise<boolean> },
): Promise<'parked' | 'decided' | 'not_ours'> {
  const { sessionId, epoch } = options.claim;
  const locked = await sql.query(
    `select 1 from session where id = $1 and lease_epoch = $2 and status = 'running' for update`,
    [sessionId, epoch],
  );
  if (!locked.rowCount) return 'not_ours';
  if (!(await options.undecided(sql))) return 'decided';
  const stages = (await loadRunRows(sql, sessionId)).filter(({ stage }) => stage.status === 'running');
  const waiting = stages.map(({ stage }) => ({ ...stage, status: 'waiting' as const }));
  for (const stage of waiting) saveStageRow(sql, stage);
  // To wait is no attempt that failed.
  const { rows } = await sql.query<{ waiting_since: Date }>(
    `update session set status = 'waiting', waiting_since = clock_timestamp(), lease_owner = null, lease_heartbeat_at = null,
       attempts = attempts - 1 where id = $1 returning waiting_since`,
    [sessionId],
  );
  await appendEvents(sql, {
    sessionId,
    epoch,
    events: [
      ...waiting.map(({ sessionId: _session, result: _result, ...view }) => ({
        type: 'stage.upsert' as const,
        payload: view,
      })),
      {
        type: 'session.patch',
        payload: { status: 'waiting', waitingSince: rows[0]?.waiting_since.toISOString() ?? null },
      },
    ],
  });
  return 'parked';
}
