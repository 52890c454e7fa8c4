import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { cancelSession } from '#src/features/sessions/server/index.ts';
import { openDatabase } from '#src/server/db/database.ts';
import {
  type EmbeddedDatabase,
  findFreePort,
  startEmbeddedPostgres,
} from '#src/server/db/embedded-postgres.ts';
import { migrate } from '#src/server/db/migrate.ts';
import { statusOf, waitFor, waitForEnd } from '../runs.ts';
import { createCrashBed } from './crash-bed.ts';

/** How long the database is away: long enough for several writes to fail. */
const OUTAGE_MS = 3_000;
/** The lease that could not be released goes stale, and the next sweep takes the run up. */
const RESUME_LIMIT_MS = 40_000;

/** `fast` tells the clients; `immediate` is a crash with recovery at the next start. */
test.concurrent.each(['fast', 'immediate'] as const)(
  'PostgreSQL restarts (%s) in the middle of a run: the worker survives, and the run completes',
  { timeout: 120_000 },
  async (mode) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'tars-restart-'));
    const options = { dataDir, port: await findFreePort(), flags: ['-c', 'fsync=off'] };
    let server = await startEmbeddedPostgres(options);
    await migrateOnce(server.url);
    const bed = await createCrashBed({
      databaseUrl: server.url,
      // Streams through the outage, so that the run is in the middle of writing when the database goes.
      script: [
        { text: 'A long answer. '.repeat(60), delayMs: 200, chunkSize: 15 },
        'The answer.',
        { steps: [{ type: 'block', gate: 'never' }] },
      ],
    });
    try {
      const worker = await bed.startWorker();
      const sessionId = await bed.post();
      await waitFor(async () => {
        const { rows } = await bed.database.pool.query('select 1 from session where last_seq > 8');
        return rows[0];
      }, 'nothing was streamed');
      await stopServer(server, { mode, dataDir });
      await pause(OUTAGE_MS);
      server = await startEmbeddedPostgres(options);
      expect(await statusOf(bed.database, sessionId)).toBe('running');
      expect(await waitForEnd(bed.database, sessionId, RESUME_LIMIT_MS)).toBe('completed');
      expect(worker.output()).toContain('the database went away');
      expect(worker.output()).toContain('session resumed');
      expect(await bed.violations(sessionId)).toEqual([]);
      // The same process goes on with the next, and still hears of cancellations.
      const next = await bed.post();
      await bed.model.waitForBlocked('never');
      await cancelSession(bed.kernel, { projectId: bed.projectId, sessionId: next, actor: 'ann' });
      expect(await waitForEnd(bed.database, next, 2_000)).toBe('cancelled');
      expect(await bed.violations(next)).toEqual([]);
    } finally {
      await bed.close();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
);

async function migrateOnce(url: string): Promise<void> {
  const database = openDatabase(url);
  await migrate(database);
  await database.close();
}

async function stopServer(
  server: EmbeddedDatabase,
  { mode, dataDir }: { mode: 'fast' | 'immediate'; dataDir: string },
): Promise<void> {
  if (mode === 'immediate') {
    const [pid] = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGQUIT');
  }
  await server.stop();
}
