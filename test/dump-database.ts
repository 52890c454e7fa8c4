import type { Database } from '#src/server/db/database.ts';

/** Every row of every table, queue included, as text: to search for what must not be stored. */
async function dumpDatabase(database: Database): Promise<{ table: string; text: string }[]> {
  const { rows: tables } = await database.pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('public', 'graphile_worker') order by 1`,
  );
  return Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await database.pool.query<{ text: string }>(
        `select coalesce(string_agg(t::text, E'\\n'), '') as text from ${name} t`,
      );
      return { table: name, text: rows[0]?.text ?? '' };
    }),
  );
}

/** Tables in which one of the texts is found, with the text. Empty is what a test wants to see. */
export async function findInDatabase(database: Database, texts: readonly string[]): Promise<string[]> {
  const tables = await dumpDatabase(database);
  return tables.flatMap(({ table, text }) =>
    texts.filter((wanted) => text.includes(wanted)).map((wanted) => `${table}: ${wanted}`),
  );
}
