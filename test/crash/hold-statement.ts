import pg from 'pg';
import type { Database } from '#src/server/db/database.ts';
import { waitFor } from '../runs.ts';

export type Hold = {
  /** Resolves when a transaction stands at the statement. */
  reached(): Promise<void>;
  /** Lets it, and every later one, go on. */
  release(): Promise<void>;
};

/** Advisory lock of the holds; each case has a database of its own, to which the lock belongs. */
const HOLD_LOCK_KEY = 991;

/**
 * Makes whoever writes such a row wait in the middle of its transaction, so that a test can kill it at exactly that
 * point. `when` is the condition of a PostgreSQL trigger over `new`. One hold per database.
 */
export async function holdStatement(
  database: Database,
  at: { table: string; event: 'insert' | 'update'; when: string },
): Promise<Hold> {
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  await holder.query('select pg_advisory_lock($1)', [HOLD_LOCK_KEY]);
  await database.pool.query(
    `create function test_hold() returns trigger language plpgsql as
     $$ begin perform pg_advisory_xact_lock_shared(${HOLD_LOCK_KEY}); return new; end $$;
     create trigger test_hold before ${at.event} on ${at.table} for each row when (${at.when}) execute function test_hold()`,
  );
  return {
    async reached() {
      await waitFor(
        async () => {
          const { rows } = await database.pool.query(
            `select 1 from pg_locks where locktype = 'advisory' and objid = $1 and not granted
               and database = (select oid from pg_database where datname = current_database())`,
            [HOLD_LOCK_KEY],
          );
          return rows[0];
        },
        'nobody came to the held statement',
        30_000,
      );
    },
    release: () => holder.end(),
  };
}
