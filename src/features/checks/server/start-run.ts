import { type PreparedAlert, prepareAlert, startInvestigation } from '#src/features/alerts/server/index.ts';
import type { CheckConfig } from '#src/server/config/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import { AppError } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { checkAlert } from './check-alert.ts';

/** A check of the configuration, in the project that it belongs to. */
export type ConfiguredCheck = { name: string; check: CheckConfig; projectId: string };

/** What a run begins with, or why it cannot: a runbook or a server that may not be used. */
export type Preparation = { prepared: PreparedAlert } | { refused: string };

/** Before any transaction: this may read files. */
export async function prepareRun(
  kernel: Kernel,
  { name, check, projectId }: ConfiguredCheck,
): Promise<Preparation> {
  try {
    return { prepared: await prepareAlert(kernel, { projectId, alert: checkAlert(name, check) }) };
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'bad_request')) throw error;
    const details = (error.fields ?? []).map(({ path, message }) => `${path}: ${message}`);
    return { refused: [error.message, ...details].join(' ') };
  }
}

/**
 * The session of a run, by the path of every alert, through the caller's transaction. Null while the queue is full; nothing
 * was written then.
 */
export async function startRun(
  sql: Sql,
  kernel: Kernel,
  options: { configured: ConfiguredCheck; prepared: PreparedAlert; actor: string },
): Promise<string | null> {
  const { configured, prepared, actor } = options;
  const { projectId, check } = configured;
  try {
    const { sessionId } = await startInvestigation(sql, kernel, {
      ...prepared,
      projectId,
      actor,
      // TARS's own look, whoever has pressed the button.
      actorId: null,
      chain: check.chain,
    });
    return sessionId;
  } catch (error) {
    if (error instanceof AppError && error.code === 'too_many_requests') return null;
    throw error;
  }
}
