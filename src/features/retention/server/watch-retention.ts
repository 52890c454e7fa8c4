import type { Sql } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { runSweep } from './run-sweep.ts';
import { RETENTION_CHECK_MS, RETENTION_INTERVAL_MS } from './tunables.ts';

/**
 * Sweeps once an hour from one worker of the installation. Each looks whether a sweep is due, and asks again under the
 * lock; one that was cut off (it has begun, not ended, and nobody holds the lock) is gone on with at once.
 */
export function watchRetention(kernel: Kernel): { close(): Promise<void> } {
  const closing = new AbortController();
  let working: Promise<unknown> = Promise.resolve();
  const step = async () => {
    if (closing.signal.aborted || (await isFresh(kernel.database.pool))) return;
    await runSweep(kernel, { signal: closing.signal, unless: isFresh });
  };
  const tick = () => {
    working = working.then(step).catch((error: unknown) => {
      kernel.log.warn({ err: error }, 'retention sweep failed; it is tried again');
    });
  };
  const timer = setInterval(tick, RETENTION_CHECK_MS);
  tick();
  return {
    async close() {
      clearInterval(timer);
      closing.abort();
      await working;
    },
  };
}

async function isFresh(sql: Sql): Promise<boolean> {
  const { rowCount } = await sql.query(
    `select 1 from retention_sweep where id = 1 and ended_at is not null
       and started_at > now() - $1 * interval '1 millisecond'`,
    [RETENTION_INTERVAL_MS],
  );
  return rowCount !== 0;
}
