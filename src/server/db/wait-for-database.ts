import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '../errors.ts';
import { StartError } from '../start-error.ts';
import type { Database } from './database.ts';
import { DATABASE_WAIT_MS, DATABASE_WAIT_STEP_MS } from './tunables.ts';

/** Refusals that waiting does not cure: wrong password, no such role, no such database, bad TLS settings. */
const FINAL_CODES = new Set([
  '28P01',
  '28000',
  '3D000',
  'ENOTFOUND',
  'ERR_INVALID_URL',
  'SELF_SIGNED_CERT_IN_CHAIN',
]);

/** Waits until the database answers. Throws `StartError` with one line that names the place, never the password. */
export async function waitForDatabase(database: Database, waitMs = DATABASE_WAIT_MS): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const error = await database.pool.query('select 1').then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) return;
    if (FINAL_CODES.has(errorCode(error)) || Date.now() >= deadline) {
      throw new StartError(
        `Database ${describePlace(database.url)} cannot be used: ${describeFailure(error)}`,
      );
    }
    await sleep(DATABASE_WAIT_STEP_MS);
  }
}

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

function describeFailure(error: unknown): string {
  // A host with several addresses fails with an AggregateError whose own message is empty.
  if (error instanceof AggregateError && error.errors.length > 0) return describeFailure(error.errors[0]);
  return errorMessage(error).split('\n')[0] ?? 'unknown error';
}

/** `host:port/name` of a connection string. */
export function describePlace(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname || 'localhost'}:${port || '5432'}${pathname}`;
  } catch {
    return '(DATABASE_URL is not a URL)';
  }
}
