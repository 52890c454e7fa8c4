import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMigrations as runQueueMigrations } from 'graphile-worker';
import type { Database, Sql } from './database.ts';
import { lockKeys } from './lock-keys.ts';

const migrationsDirectory = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));

/** The database cannot be brought to this version. The message says why and what to do. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

/**
 * Brings the database to this version: our SQL migrations in name order, all in one transaction, then the
 * queue's. Safe to call from several processes at once (advisory lock). Keeps Prisma's own `_prisma_migrations`
 * table, so that Prisma's tools recognise the history. Returns the names that were applied now.
 */
export async function migrate(database: Database): Promise<string[]> {
  const applied = await database.transaction(async (lock) => {
    await lock.query('select pg_advisory_xact_lock($1)', [lockKeys.migration]);
    return applyPending(lock);
  });
  await runQueueMigrations({ pgPool: database.pool });
  return applied;
}

async function applyPending(lock: Sql): Promise<string[]> {
  await lock.query(`create table if not exists _prisma_migrations (
    id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
    logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0)`);
  const { rows } = await lock.query<{ migration_name: string; checksum: string }>(
    'select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null',
  );
  const done = new Map(rows.map((row) => [row.migration_name, row.checksum]));
  const migrations = await readMigrations();
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = [...done.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new MigrationError(
      `The database is newer than this version of TARS (it has ${unknown.join(', ')}). Start the newer version.`,
    );
  }
  const applied: string[] = [];
  for (const { name, sql, checksum } of migrations) {
    const before = done.get(name);
    if (before === checksum) continue;
    if (before !== undefined) {
      throw new MigrationError(`Migration ${name} was edited after it had been applied. Restore the file.`);
    }
    try {
      // On the connection that holds the lock: all migrations of one start succeed together or not at all.
      await lock.query(sql);
      await lock.query(
        `insert into _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
         values ($1, $2, now(), $3, 1)`,
        [randomUUID(), checksum, name],
      );
    } catch (error) {
      throw new MigrationError(
        `Migration ${name} failed: ${error instanceof Error ? error.message : error}`,
        {
          cause: error,
        },
      );
    }
    applied.push(name);
  }
  return applied;
}

async function readMigrations(): Promise<{ name: string; sql: string; checksum: string }[]> {
  const entries = await readdir(migrationsDirectory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(migrationsDirectory, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
