import type { Sql } from '#src/server/db/database.ts';
import { AppError } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { CheckView } from '../schema.ts';
import { beginState, findOpenRun, insertRun, lockState, skipWaiting } from './check-rows.ts';
import { scheduleKey } from './decide-tick.ts';
import { findCheck } from './find-check.ts';
import { listChecks } from './list-checks.ts';
import { type ConfiguredCheck, prepareRun, startRun } from './start-run.ts';

type CheckCommand = { projectId: string; name: string; actor: string };

/**
 * Runs a check now, also a paused one. Throws `not_found`, `conflict` while a run of it is open or when it is turned off,
 * `bad_request` when its runbook or servers cannot be used, `too_many_requests` while the queue is full.
 */
export async function runCheckNow(
  kernel: Kernel,
  { projectId, name, actor }: CheckCommand,
): Promise<{ runId: string; sessionId: string }> {
  const configured = await findCheck(kernel, { projectId, name });
  if (!configured.check.enabled)
    throw new AppError('conflict', `Check "${name}" is turned off (checks.${name}.enabled).`);
  const preparation = await prepareRun(kernel, configured);
  if ('refused' in preparation) throw new AppError('bad_request', preparation.refused);
  const started = await kernel.database.transaction(async (sql) => {
    await ensureState(sql, configured);
    if ((await findOpenRun(sql, configured)) !== null)
      throw new AppError('conflict', `A run of check "${name}" has not ended yet.`);
    const sessionId = await startRun(sql, kernel, { configured, prepared: preparation.prepared, actor });
    if (sessionId === null) throw new AppError('too_many_requests', 'The queue is full. Try again later.');
    const run = { dueAt: new Date(), trigger: 'manual', status: 'started', reason: null, sessionId } as const;
    return { runId: await insertRun(sql, configured, run), sessionId };
  });
  kernel.metrics.alertsReceived.inc({ source: 'check', outcome: 'started' });
  return started;
}

/** Ticks pass unused until it is resumed. A run that has begun goes on. Pausing twice keeps the first. */
export async function pauseCheck(
  kernel: Kernel,
  { projectId, name, actor }: CheckCommand,
): Promise<CheckView> {
  const configured = await findCheck(kernel, { projectId, name });
  await kernel.database.transaction(async (sql) => {
    await ensureState(sql, configured);
    await sql.query(
      `update check_state set paused_at = now(), paused_by = $3 where project_id = $1 and name = $2 and paused_at is null`,
      [projectId, name, actor],
    );
    await skipWaiting(sql, configured, 'the queue was full until the check was paused');
  });
  return readCheck(kernel, configured);
}

/** Ticks count from now on: what passed in the pause is not made up for. */
export async function resumeCheck(kernel: Kernel, { projectId, name }: CheckCommand): Promise<CheckView> {
  const configured = await findCheck(kernel, { projectId, name });
  await kernel.database.transaction(async (sql) => {
    await ensureState(sql, configured);
    await sql.query(
      `update check_state set paused_at = null, paused_by = null, last_due_at = now()
       where project_id = $1 and name = $2 and paused_at is not null`,
      [projectId, name],
    );
  });
  return readCheck(kernel, configured);
}

/** The check's row, locked, also when no worker has seen the check yet. */
async function ensureState(sql: Sql, configured: ConfiguredCheck): Promise<void> {
  if (await lockState(sql, configured)) return;
  await beginState(sql, configured, scheduleKey(configured.check), new Date());
  await lockState(sql, configured);
}

async function readCheck(kernel: Kernel, { projectId, name }: ConfiguredCheck): Promise<CheckView> {
  const { items } = await listChecks(kernel, { projectId });
  const found = items.find((item) => item.name === name);
  if (!found) throw new Error(`check ${name} is gone`);
  return found;
}
