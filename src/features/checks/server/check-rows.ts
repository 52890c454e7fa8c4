import type { Sql } from '#src/server/db/database.ts';
import { newId } from '#src/server/ids.ts';
import type { CheckRunView } from '../schema.ts';
import type { ConfiguredCheck } from './start-run.ts';
import { RUNS_KEPT } from './tunables.ts';

export type StateRow = {
  schedule: string;
  last_due_at: Date;
  paused_at: Date | null;
  paused_by: string | null;
};

/** The check's row, locked to the end of the transaction: what happens to a check happens one after the other. */
export async function lockState(
  sql: Sql,
  { projectId, name }: ConfiguredCheck,
  wait: 'wait' | 'skip' = 'wait',
): Promise<StateRow | null> {
  const { rows } = await sql.query<StateRow>(
    `select schedule, last_due_at, paused_at, paused_by from check_state where project_id = $1 and name = $2
     for update ${wait === 'skip' ? 'skip locked' : ''}`,
    [projectId, name],
  );
  return rows[0] ?? null;
}

/** Counts ticks from `now` on, by this schedule. */
export const beginState = (sql: Sql, { projectId, name }: ConfiguredCheck, schedule: string, now: Date) =>
  sql.query(
    `insert into check_state (project_id, name, schedule, last_due_at) values ($1, $2, $3, $4)
     on conflict (project_id, name) do update set schedule = $3, last_due_at = $4 where check_state.schedule <> $3`,
    [projectId, name, schedule, now],
  );

export const saveDue = (sql: Sql, { projectId, name }: ConfiguredCheck, dueAt: Date) =>
  sql.query('update check_state set last_due_at = $3 where project_id = $1 and name = $2', [
    projectId,
    name,
    dueAt,
  ]);

/** The session of the run that has not ended; a run whose session was deleted is over. */
export async function findOpenRun(sql: Sql, { projectId, name }: ConfiguredCheck): Promise<string | null> {
  const { rows } = await sql.query<{ session_id: string }>(
    `select session_id from check_run
     where project_id = $1 and name = $2 and status = 'started' and session_id is not null limit 1`,
    [projectId, name],
  );
  return rows[0]?.session_id ?? null;
}

type NewRun = {
  dueAt: Date;
  trigger: CheckRunView['trigger'];
  status: 'waiting' | 'started' | 'skipped';
  reason: string | null;
  sessionId: string | null;
};

/** Writes a run and drops the oldest beyond what is kept. A second run of the same tick is refused by the database. */
export async function insertRun(sql: Sql, configured: ConfiguredCheck, run: NewRun): Promise<string> {
  const { projectId, name, check } = configured;
  const id = newId();
  await sql.query(
    `insert into check_run (id, project_id, name, due_at, trigger, status, reason, notify, session_id)
     values ($1, $2, $3, $4, $5, $6::"CheckRunStatus", $7, $8, $9)`,
    [id, projectId, name, run.dueAt, run.trigger, run.status, run.reason, check.notify, run.sessionId],
  );
  await sql.query(
    `delete from check_run where project_id = $1 and name = $2 and status in ('skipped', 'ended') and due_at < (
       select due_at from check_run where project_id = $1 and name = $2 order by due_at desc offset $3 limit 1)`,
    [projectId, name, RUNS_KEPT - 1],
  );
  return id;
}

/** The run that waits for room in the queue will not come any more. */
export const skipWaiting = (sql: Sql, { projectId, name }: ConfiguredCheck, reason: string) =>
  sql.query(
    `update check_run set status = 'skipped', reason = $3 where project_id = $1 and name = $2 and status = 'waiting'`,
    [projectId, name, reason],
  );

export const startWaiting = (sql: Sql, runId: string, sessionId: string) =>
  sql.query(
    `update check_run set status = 'started', session_id = $2, reason = null where id = $1 and status = 'waiting'`,
    [runId, sessionId],
  );
