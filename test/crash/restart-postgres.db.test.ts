import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openDatabase } from '#src/server/db/database.ts';
import { findFreePort, startEmbeddedPostgres } from '#src/server/db/embedded-postgres.ts';
import { migrate } from '#src/server/db/migrate.ts';
import { statusOf, waitFor, waitForEnd } from '../runs.ts';
import { createCrashBed } from './crash-bed.ts';

/** How long the database is away: long enough for several writes to fail. */
const OUTAGE_MS = 3_000;

test('PostgreSQL restarts in the middle of a run: the worker survives, and the run completes', {
  timeout: 120_000,
}, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tars-restart-'));
  const options = { dataDir, port: await findFreePort(), flags: ['-c', 'fsync=off'] };
  let server = await startEmbeddedPostgres(options);
  const database = openDatabase(server.url);
  await migrate(database);
  await database.close();
  const bed = await createCrashBed({
    databaseUrl: server.url,
    // Streams through the outage, so that the run is in the middle of writing when the database goes.
    script: [
      { text: 'A long answer. '.repeat(60), delayMs: 200, chunkSize: 15 },
      'The answer.',
      'Another answer.',
    ],
  });
  try {
    const worker = await bed.startWorker();
    const sessionId = await bed.post();
    await waitFor(async () => {
      const { rows } = await bed.database.pool.query('select 1 from session where last_seq > 8');
      return rows[0];
    }, 'nothing was streamed');
    await server.stop();
    await pause(OUTAGE_MS);
    server = await startEmbeddedPostgres(options);
    expect(await statusOf(bed.database, sessionId)).toBe('running');
    expect(await waitForEnd(bed.database, sessionId, 40_000)).toBe('completed');
    expect(worker.output()).toContain('the database went away');
    expect(worker.output()).toContain('session resumed');
    expect(await bed.violations(sessionId)).toEqual([]);
    // The same process goes on with the next.
    const next = await bed.post();
    expect(await waitForEnd(bed.database, next)).toBe('completed');
  } finally {
    await bed.close();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
