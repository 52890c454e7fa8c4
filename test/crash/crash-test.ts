import { test } from 'vitest';
import { createTestDatabase, dropTestDatabase } from '../postgres.ts';
import { type BedOptions, type CrashBed, createCrashBed } from './crash-bed.ts';

/** The bound that users are promised: from the death of a worker to the run going on. */
export const RESUME_LIMIT_MS = 20_000;
/** Start of processes, two leases and the run itself, on a busy machine. */
const CASE_LIMIT_MS = 120_000;

/** One case on a bed of its own. Cases of a file run side by side, since most of their time is waiting for a lease. */
export function crashTest(name: string, options: BedOptions, run: (bed: CrashBed) => Promise<void>): void {
  test.concurrent(name, { timeout: CASE_LIMIT_MS }, async () => {
    const { database, url } = await createTestDatabase();
    const bed = await createCrashBed({ ...options, databaseUrl: url });
    try {
      await run(bed);
    } finally {
      await bed.close();
      await dropTestDatabase(database);
    }
  });
}
