import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { findFreePort } from '#src/server/db/embedded-postgres.ts';
import { stopProcess } from './stop-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const START_LIMIT_MS = 120_000;
const HEALTH_STEP_MS = 250;
const REQUEST_TIMEOUT_MS = 5_000;

const startedLineSchema = z.object({ program: z.string(), pid: z.number(), msg: z.literal('started') });
const healthSchema = z.object({ status: z.string() });

export type Installation = {
  url: string;
  /** Of the supervisor. */
  pid: number;
  /** Of a program that the supervisor keeps running. */
  pidOf(program: 'web' | 'worker'): number;
  close(): Promise<void>;
};

/**
 * The whole product as `tars up` runs it in production: embedded database, web, worker, the configuration in `config`, on
 * a free port and a data directory that `close` removes; `databaseUrl` names another database. Resolves when `/api/health` is well.
 */
export async function startInstallation(options: { databaseUrl?: string } = {}): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tars-bench-'));
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['bin/tars.mjs', 'up'], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: options.databaseUrl ?? '',
      TARS_DATA_DIR: dataDir,
      TARS_HOST: '127.0.0.1',
      TARS_PORT: String(port),
      TARS_CONFIG: 'config',
      TARS_URL: '',
      LOG_LEVEL: 'info',
    },
    // Programs log to standard error; what is no line of the log says why a start failed.
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const pids = new Map<string, number>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    const started = startedLine(line);
    if (started) pids.set(started.program, started.pid);
    if (!line.startsWith('{')) console.error(line);
  });
  const close = async () => {
    await stopProcess(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await waitUntilHealthy(url, child);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    pid: child.pid ?? 0,
    pidOf(program) {
      const pid = pids.get(program);
      if (pid === undefined) throw new Error(`${program} did not start`);
      return pid;
    },
    close,
  };
}

function startedLine(line: string): z.infer<typeof startedLineSchema> | undefined {
  try {
    return startedLineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

async function waitUntilHealthy(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`tars up ended with code ${child.exitCode}`);
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const status = await fetch(`${url}/api/health`, { signal })
      .then(async (response) => healthSchema.safeParse(await response.json()).data?.status)
      .catch(() => undefined);
    if (status === 'ok') return;
    await sleep(HEALTH_STEP_MS);
  }
  throw new Error(`not healthy after ${START_LIMIT_MS / 1_000} s`);
}
