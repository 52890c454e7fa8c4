import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '#src/server/db/database.ts';
import { startEmbeddedPostgres } from '#src/server/db/embedded-postgres.ts';
import { migrate } from '#src/server/db/migrate.ts';

/** A PostgreSQL of its own as TARS starts it (durable, no test settings), migrated; `close` removes it. */
export async function openTemporaryDatabase(): Promise<{
  database: Database;
  url: string;
  close(): Promise<void>;
}> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tars-bench-'));
  const server = await startEmbeddedPostgres({ dataDir });
  const database = openDatabase(server.url);
  const close = async () => {
    await database.close();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await migrate(database);
  } catch (error) {
    await close();
    throw error;
  }
  return { database, url: server.url, close };
}
