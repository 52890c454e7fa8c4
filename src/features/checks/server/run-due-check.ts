import type { Sql } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import {
  beginState,
  findOpenRun,
  insertRun,
  lockState,
  saveDue,
  skipWaiting,
  startWaiting,
} from './check-rows.ts';
import { type CheckProgress, decideTick, describeMissed, type TickDecision } from './decide-tick.ts';
import { type ConfiguredCheck, type Preparation, prepareRun, startRun } from './start-run.ts';

/** `nothing` also when another worker was faster. */
export type TickResult = 'nothing' | 'started' | 'skipped' | 'waiting';

const QUEUE_FULL = 'the queue was full';

/**
 * Does what is due for one check at `now`. The tick, its session and the session's job are written in one transaction under
 * the lock of the check's row, in which everything is looked at again: any number of workers, and a crash at any point, make
 * exactly one session of a tick.
 */
export async function runDueCheck(
  kernel: Kernel,
  options: { configured: ConfiguredCheck; now: Date },
): Promise<TickResult> {
  const { configured, now } = options;
  const preparation = await prepareRun(kernel, configured);
  return kernel.database.transaction(async (sql) => {
    const decision = await decideUnderLock(sql, configured, now);
    switch (decision.kind) {
      case 'nothing':
        return 'nothing';
      case 'begin':
        await beginState(sql, configured, decision.schedule, now);
        await skipWaiting(sql, configured, `${QUEUE_FULL} until the schedule changed`);
        return 'nothing';
      case 'take':
        return takeTick(sql, kernel, { configured, decision, preparation });
      case 'retry':
        return retryRun(sql, kernel, { configured, runId: decision.runId, preparation });
    }
  });
}

async function decideUnderLock(sql: Sql, configured: ConfiguredCheck, now: Date): Promise<TickDecision> {
  const { projectId, name, check } = configured;
  const state = await lockState(sql, configured, 'skip');
  // Not there yet, or in another worker's hands.
  if (!state)
    return (await hasState(sql, configured))
      ? { kind: 'nothing' }
      : decideTick({ check, progress: null, now });
  const { rows } = await sql.query<{ id: string }>(
    `select id from check_run where project_id = $1 and name = $2 and status = 'waiting' order by due_at desc limit 1`,
    [projectId, name],
  );
  const progress: CheckProgress = {
    schedule: state.schedule,
    lastDueAt: state.last_due_at,
    paused: state.paused_at !== null,
    waitingRunId: rows[0]?.id ?? null,
  };
  return decideTick({ check, progress, now });
}

async function hasState(sql: Sql, { projectId, name }: ConfiguredCheck): Promise<boolean> {
  const { rows } = await sql.query('select 1 from check_state where project_id = $1 and name = $2', [
    projectId,
    name,
  ]);
  return rows.length > 0;
}

type Turn = { configured: ConfiguredCheck; preparation: Preparation };

async function takeTick(
  sql: Sql,
  kernel: Kernel,
  turn: Turn & { decision: Extract<TickDecision, { kind: 'take' }> },
): Promise<TickResult> {
  const { configured, decision } = turn;
  const { dueAt, trigger } = decision;
  await skipWaiting(sql, configured, `${QUEUE_FULL} until the next run was due`);
  const { reason, ...began } = await begin(sql, kernel, turn);
  const said = [reason, describeMissed(decision.missed)].filter(Boolean).join('; ');
  await insertRun(sql, configured, { dueAt, trigger, ...began, reason: said || null });
  await saveDue(sql, configured, dueAt);
  return began.status;
}

type Begun = {
  status: 'started' | 'skipped' | 'waiting';
  reason: string | null;
  sessionId: string | null;
};

async function begin(sql: Sql, kernel: Kernel, { configured, preparation }: Turn): Promise<Begun> {
  if ((await findOpenRun(sql, configured)) !== null)
    return { status: 'skipped', reason: 'the run before had not ended', sessionId: null };
  if ('refused' in preparation) return { status: 'skipped', reason: preparation.refused, sessionId: null };
  const sessionId = await startRun(sql, kernel, {
    configured,
    prepared: preparation.prepared,
    actor: `check:${configured.name}`,
  });
  return sessionId === null
    ? { status: 'waiting', reason: `${QUEUE_FULL}; it is tried again until the next run is due`, sessionId }
    : { status: 'started', reason: null, sessionId };
}

/** A manual run may have started in the meantime: then this tick has what it wanted. */
async function retryRun(sql: Sql, kernel: Kernel, turn: Turn & { runId: string }): Promise<TickResult> {
  const { status, reason, sessionId } = await begin(sql, kernel, turn);
  if (status === 'started' && sessionId !== null) await startWaiting(sql, turn.runId, sessionId);
  if (status === 'skipped') await skipWaiting(sql, turn.configured, reason ?? QUEUE_FULL);
  return status;
}
