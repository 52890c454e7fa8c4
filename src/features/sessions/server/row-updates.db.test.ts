import { expect, test } from 'vitest';
import { useTestDatabase } from '#test/postgres.ts';
import { USAGE_COLUMNS } from './session-usage.ts';

const db = useTestDatabase();

/** What every step of a run, every batch of events and every beat of the lease writes. */
const CHANGES_ALL_THE_TIME = [...USAGE_COLUMNS.split(', '), 'last_seq', 'lease_heartbeat_at'];

test('no index knows a column that changes all the time: each change would write into every index, the search words too', async () => {
  // Dependencies, since they also name the columns of expressions and conditions.
  const { rows } = await db.database.pool.query<{ name: string }>(
    `select distinct a.attname::text as name
     from pg_index i
     join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refobjid = i.indrelid
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = d.refobjsubid
     where i.indrelid = 'session'::regclass and d.refobjsubid > 0`,
  );
  const indexed = rows.map((row) => row.name);
  expect(indexed).toEqual(
    expect.arrayContaining(['id', 'status', 'settled_cost_usd', 'completed_at', 'search']),
  );
  expect(indexed.filter((name) => CHANGES_ALL_THE_TIME.includes(name))).toEqual([]);
});
