import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Database } from './database.ts';

const migrationsDirectory = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));

/** How many migrations of this version the database does not have yet. */
export async function countPendingMigrations(database: Database): Promise<number> {
  const entries = await readdir(migrationsDirectory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const { rows } = await database.pool.query<{ done: number }>(
    `select count(distinct migration_name) as done from _prisma_migrations
     where finished_at is not null and rolled_back_at is null and migration_name = any($1)`,
    [names],
  );
  return names.length - (rows[0]?.done ?? 0);
}
