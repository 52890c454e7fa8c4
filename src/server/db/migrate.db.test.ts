import { expect, test } from 'vitest';
import { useTestDatabase } from '#test/postgres.ts';
import { MigrationError, migrate } from './migrate.ts';

const db = useTestDatabase();

test('a second start applies nothing and changes nothing', async () => {
  expect(await migrate(db.database)).toEqual([]);
});

test('several processes may migrate at once', async () => {
  await Promise.all([migrate(db.database), migrate(db.database), migrate(db.database)]);
  const { rows } = await db.database.pool.query('select count(*)::int as n from _prisma_migrations');
  expect(rows[0].n).toBeGreaterThan(0);
});

test('a database of a newer version is refused with its name', async () => {
  await db.database.pool.query(
    `insert into _prisma_migrations (id, checksum, finished_at, migration_name) values ('x', 'y', now(), '20990101_future')`,
  );
  await expect(migrate(db.database)).rejects.toThrow(/newer than this version.*20990101_future/);
  await expect(migrate(db.database)).rejects.toBeInstanceOf(MigrationError);
});
