import { expect } from 'vitest';
import { readRetention } from '#src/features/retention/server/index.ts';
import { rowsOf, waitFor } from '../runs.ts';
import { insertSession } from '../session-fixtures.ts';
import type { CrashBed } from './crash-bed.ts';
import { crashTest } from './crash-test.ts';
import { holdStatement } from './hold-statement.ts';

const SESSIONS = 50;

/** So many sessions that ended long ago. */
async function insertOld(bed: CrashBed): Promise<void> {
  for (let n = 0; n < SESSIONS; n += 1) await insertSession(bed.database, { projectId: bed.projectId });
  await bed.database.pool.query(
    `update session set status = 'completed', completed_at = now() - interval '400 days';
     update alert set last_fired_at = now() - interval '400 days'`,
  );
}
const figures = async ({ database }: CrashBed) =>
  (
    await rowsOf<{ left: number; alerts: number; counted: number }>(
      database,
      `select (select count(*)::int from session) as left, (select count(*)::int from alert) as alerts,
         (select total_sessions::int from retention_sweep) as counted`,
      [],
    )
  )[0];

crashTest(
  'killed in the middle of a sweep: another worker finishes it, and nothing is counted twice',
  {},
  async (bed) => {
    await insertOld(bed);
    // The second batch has deleted its sessions and is about to count them.
    const hold = await holdStatement(bed.database, {
      table: 'retention_sweep',
      event: 'update',
      when: 'new.sessions > 20 and old.sessions <= 20',
    });
    const first = await bed.startWorker();
    await hold.reached();
    await first.kill();
    await hold.release();
    await waitFor(async () => {
      const now = await figures(bed);
      return now?.left === SESSIONS - 20 ? now : undefined;
    }, 'the batch that was cut off did not come back');
    expect(await figures(bed)).toEqual({ left: SESSIONS - 20, alerts: SESSIONS, counted: 20 });
    await bed.startWorker();
    await waitFor(async () => {
      const { lastSweep } = await readRetention(bed.kernel);
      return lastSweep?.endedAt ?? undefined;
    }, 'nobody finished the sweep');
    expect(await figures(bed)).toEqual({ left: 0, alerts: 0, counted: SESSIONS });
  },
);

crashTest('of several workers one sweeps, and not again within the hour', {}, async (bed) => {
  await insertOld(bed);
  const workers = [await bed.startWorker(), await bed.startWorker(), await bed.startWorker()];
  await waitFor(async () => {
    const { lastSweep } = await readRetention(bed.kernel);
    return lastSweep?.endedAt ?? undefined;
  }, 'nobody swept');
  expect(await figures(bed)).toEqual({ left: 0, alerts: 0, counted: SESSIONS });
  const swept = workers.filter((worker) => worker.output().includes('retention sweep'));
  expect(swept.length).toBe(1);
});
