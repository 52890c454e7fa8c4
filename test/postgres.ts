import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { type Database, openDatabase } from '#src/server/db/database.ts';
import { startEmbeddedPostgres } from '#src/server/db/embedded-postgres.ts';
import { migrate } from '#src/server/db/migrate.ts';

const TEMPLATE = 'tars_template';

/** vitest global set-up: one real PostgreSQL per run, and a migrated template database that each file clones. */
export default async function setup(project: { provide: (key: 'postgresUrl', value: string) => void }) {
  const dataDir = await mkdtemp(join(tmpdir(), 'tars-test-'));
  const server = await startEmbeddedPostgres({
    dataDir,
    flags: [
      '-c',
      'fsync=off',
      '-c',
      'synchronous_commit=off',
      '-c',
      'full_page_writes=off',
      '-c',
      'max_connections=200',
    ],
  });
  await runSql(server.url, `create database ${TEMPLATE}`);
  const template = openDatabase(withDatabase(server.url, TEMPLATE));
  await migrate(template);
  await template.close();
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

/** Gives the test file a migrated database of its own, dropped afterwards. Call at the top of a `*.db.test.ts`. */
export function useTestDatabase(): { readonly database: Database; readonly url: string } {
  const state: { database?: Database; url: string } = { url: '' };
  beforeAll(async () => {
    const created = await createTestDatabase();
    state.database = created.database;
    state.url = created.url;
  });
  afterAll(async () => {
    if (state.database) await dropTestDatabase(state.database);
  });
  return {
    get database() {
      if (!state.database)
        throw new Error('the test database is not there yet: use it inside a test or hook');
      return state.database;
    },
    get url() {
      return state.url;
    },
  };
}

/** Clones the template into a new database. */
export async function createTestDatabase(): Promise<{ database: Database; url: string }> {
  const serverUrl = inject('postgresUrl');
  const name = `tars_test_${randomBytes(6).toString('hex')}`;
  await runSql(serverUrl, `create database ${name} template ${TEMPLATE}`);
  const url = withDatabase(serverUrl, name);
  return { database: openDatabase(url), url };
}

export async function dropTestDatabase(database: Database): Promise<void> {
  const name = new URL(database.url).pathname.slice(1);
  await database.close();
  await runSql(inject('postgresUrl'), `drop database if exists ${name} with (force)`);
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}

async function runSql(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
