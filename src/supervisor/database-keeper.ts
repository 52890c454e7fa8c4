import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import {
  type EmbeddedDatabase,
  findFreePort,
  startEmbeddedPostgres,
} from '#src/server/db/embedded-postgres.ts';
import { homeForPostgres } from '#src/server/db/place-for-postgres.ts';
import { loadEnv } from '#src/server/env.ts';
import { errorMessage } from '#src/server/errors.ts';
import { createLogger } from '#src/server/logger.ts';
import {
  DATABASE_ANSWER_MS,
  DATABASE_DRAIN_MS,
  DATABASE_DRAIN_STEP_MS,
  DATABASE_RETRY_MS,
} from './tunables.ts';

/**
 * The process that owns the embedded PostgreSQL, apart from the supervisor for two reasons: a terminal's Ctrl-C must not
 * reach the database before the others have let go of it, and when the supervisor is killed somebody has to stop it
 * after them. Argument: the port (absent: a free one). Sends `{ url }` or `{ error }` to the supervisor, and starts the
 * database again, on the same port, when it dies.
 */

const OWN_CONNECTIONS = 'tars-database-keeper';

const env = loadEnv();
const log = createLogger({ level: env.logLevel, process: 'tars' });
let stopping = false;

process.on('SIGINT', () => undefined).on('SIGHUP', () => undefined);

const wantedPort = process.argv[2];
let database = await startFirst(wantedPort === undefined ? await findFreePort() : Number(wantedPort));
const port = Number(new URL(database.url).port);
process.on('SIGTERM', () => void stop());
process.on('disconnect', () => void waitUntilUnused().then(stop));
process.send?.({ url: database.url });
await watch();

async function startFirst(port: number): Promise<EmbeddedDatabase> {
  try {
    return await startEmbeddedPostgres({ dataDir: env.dataDir, port });
  } catch (error) {
    const reason = errorMessage(error);
    await new Promise((resolve) => process.send?.({ error: reason }, resolve));
    process.exit(1);
  }
}

/** Holds one connection; when it breaks, the database is gone and is started again until that works. */
async function watch(): Promise<void> {
  while (!stopping) {
    const client = connection();
    const ended = new Promise((resolve) => client.once('end', resolve));
    await client.connect().then(
      () => ended,
      () => undefined,
    );
    if (stopping) return;
    log.warn({ port }, 'the embedded database is gone; starting it again');
    await restart();
  }
}

async function restart(): Promise<void> {
  while (!stopping) {
    try {
      database = await startEmbeddedPostgres({ dataDir: env.dataDir, port });
      log.info({ port }, 'the embedded database is back');
      return;
    } catch (error) {
      log.error({ problem: errorMessage(error) }, 'the embedded database did not start; trying again');
      await sleep(DATABASE_RETRY_MS);
    }
  }
}

function connection(): pg.Client {
  const client = new pg.Client({
    connectionString: database.url,
    connectionTimeoutMillis: DATABASE_ANSWER_MS,
    query_timeout: DATABASE_ANSWER_MS,
    application_name: OWN_CONNECTIONS,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  return client;
}

/** Other processes' connections; 0 when the database does not answer. */
async function countUsers(): Promise<number> {
  const client = connection();
  try {
    await client.connect();
    const { rows } = await client.query<{ users: number }>(
      `select count(*)::int as users from pg_stat_activity
       where backend_type = 'client backend' and application_name <> $1`,
      [OWN_CONNECTIONS],
    );
    return rows[0]?.users ?? 0;
  } catch {
    return 0;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function waitUntilUnused(): Promise<void> {
  const deadline = Date.now() + DATABASE_DRAIN_MS;
  while (Date.now() < deadline && (await countUsers()) > 0) await sleep(DATABASE_DRAIN_STEP_MS);
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await database.stop();
  await stopAdopted();
  process.exit(0);
}

/** A server that ran already belongs to nobody when the process that started it is gone: then it is ours to stop. */
async function stopAdopted(): Promise<void> {
  const statePath = join(env.dataDir, 'postgres.json');
  const state = await readFile(statePath, 'utf8').catch(() => undefined);
  if (state !== undefined && isAlive(z.object({ pid: z.number() }).parse(JSON.parse(state)).pid)) return;
  const lock = await readFile(
    join(await homeForPostgres(env.dataDir), 'postgres', 'postmaster.pid'),
    'utf8',
  ).catch(() => '');
  const serverPid = Number(lock.split('\n')[0]);
  if (!(serverPid > 0) || !isAlive(serverPid)) return;
  process.kill(serverPid, 'SIGINT');
  while (isAlive(serverPid)) await sleep(DATABASE_DRAIN_STEP_MS);
  await rm(statePath, { force: true });
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
