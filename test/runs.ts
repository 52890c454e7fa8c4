import { setTimeout as pause } from 'node:timers/promises';
import type { PostAlert } from '#src/features/alerts/schema.ts';
import { fromPostAlert, receiveAlert } from '#src/features/alerts/server/index.ts';
import { isTerminal, type RunStatus } from '#src/features/sessions/schema.ts';
import type { Database } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';

/** Delivers an alert like the API does and returns its session. */
export async function postAlert(
  kernel: Kernel,
  projectId: string,
  alert: Partial<PostAlert> = {},
): Promise<string> {
  const received = await receiveAlert(kernel, {
    projectId,
    actor: 'test',
    alert: fromPostAlert({ data: 'The checkout is down.', ...alert }),
  });
  if (!received.sessionId) throw new Error('the alert has no session');
  return received.sessionId;
}

export async function statusOf(database: Database, sessionId: string): Promise<RunStatus> {
  const { rows } = await database.pool.query<{ status: RunStatus }>(
    'select status from session where id = $1',
    [sessionId],
  );
  const row = rows[0];
  if (!row) throw new Error(`no session ${sessionId}`);
  return row.status;
}

/** Waits until the session has ended; fails with what is known of it after `timeoutMs`. */
export async function waitForEnd(
  database: Database,
  sessionId: string,
  timeoutMs = 25_000,
): Promise<RunStatus> {
  return waitFor(
    async () => {
      const status = await statusOf(database, sessionId);
      return isTerminal(status) ? status : null;
    },
    `session ${sessionId} did not end`,
    timeoutMs,
  );
}

/** Polls until `look` gives something other than null or undefined. */
export async function waitFor<T>(
  look: () => Promise<T | null | undefined> | T | null | undefined,
  what: string,
  timeoutMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await look();
    if (value !== null && value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`${what} within ${timeoutMs} ms`);
    await pause(50);
  }
}

export const rowsOf = async <T extends Record<string, unknown>>(
  database: Database,
  sql: string,
  values: unknown[] = [],
): Promise<T[]> => (await database.pool.query<T>(sql, values)).rows;
