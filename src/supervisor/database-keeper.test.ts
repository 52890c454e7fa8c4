import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { waitForExit } from './program.ts';
import { isRunning, waitUntil } from './testing/wait-until.ts';

const dirs = { data: '' };
let supervisor: ChildProcess;
let url = '';

const programFile = () => join(dirs.data, 'lines');
const serverPid = () =>
  Number(readFileSync(join(dirs.data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
const programPid = () => Number(readFileSync(programFile(), 'utf8').split('\n')[0]);

async function start(): Promise<void> {
  supervisor = spawn(
    process.execPath,
    ['src/supervisor/testing/fixture-supervisor.ts', dirs.data, programFile()],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const output = supervisor.stdout;
  if (!output) throw new Error('no output');
  const line = await new Promise<string>((resolve) =>
    createInterface({ input: output }).once('line', resolve),
  );
  url = z.object({ url: z.string() }).parse(JSON.parse(line)).url;
}

async function answers(): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

beforeEach(async () => {
  dirs.data = mkdtempSync(join(tmpdir(), 'tars-keeper-'));
  await start();
  await waitUntil('the program', () => {
    try {
      return programPid() > 0;
    } catch {
      return false;
    }
  });
});
afterEach(async () => {
  supervisor.kill('SIGTERM');
  await waitForExit(supervisor, 30_000);
  rmSync(dirs.data, { recursive: true, force: true });
});

describe('the embedded database and its keeper', () => {
  it('ends after everything else when the supervisor is killed outright', async () => {
    const pids = [serverPid(), programPid()];
    expect(await answers()).toBe(true);
    supervisor.kill('SIGKILL');
    await waitUntil('database and program gone', () => !pids.some(isRunning));
    expect(readFileSync(programFile(), 'utf8')).toContain('stopped');
  });

  it('comes back at the same address when PostgreSQL is killed', async () => {
    const before = serverPid();
    process.kill(before, 'SIGKILL');
    await waitUntil('PostgreSQL gone', () => !isRunning(before));
    await waitUntil('PostgreSQL back', answers);
    expect(serverPid()).not.toBe(before);
  });

  it('is stopped with the supervisor, and nothing of it runs on', async () => {
    const pids = [serverPid(), programPid()];
    supervisor.kill('SIGTERM');
    expect(await waitForExit(supervisor, 30_000)).toBe(true);
    expect(pids.filter(isRunning)).toEqual([]);
  });
});
