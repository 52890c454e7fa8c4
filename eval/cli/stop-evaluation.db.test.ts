import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { closeAbandonedEvaluations } from '#src/features/evaluations/server/index.ts';
import { findRunning } from '#src/server/db/embedded-postgres.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { createTestKernel, writeConfig } from '#test/kernel.ts';
import { type ProtocolServer, startProtocolServer } from '#test/llm-protocol/start-protocol-server.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { rowsOf, waitFor } from '#test/runs.ts';

/** The real command as a process of its own, ended while a model answers. */

const db = useTestDatabase();
let model: ProtocolServer;
let kernel: Kernel;
let configDir: string;

beforeAll(async () => {
  model = await startProtocolServer({ kind: 'openai-compatible', script: [] });
  const config = {
    llmProviders: {
      main: { type: 'openai-compatible', baseUrl: model.baseUrl, model: 'scripted', contextTokens: 64_000 },
    },
  };
  kernel = await createTestKernel(db.database, config);
  configDir = await writeConfig(config);
});
afterAll(() => model?.close());

let started: ChildProcess | undefined;
afterEach(() => started?.kill('SIGKILL'));

/** Starts an evaluation of two attempts: the first is answered at once, the second waits at the gate. */
async function startAndBlock(
  database: Record<string, string | undefined> = { DATABASE_URL: db.url },
): Promise<{ child: ChildProcess; output: () => string }> {
  model.setScript(['It is the node. Confidence: low.', { startGate: 'hold', text: 'Too late.' }]);
  const child = spawn(
    process.execPath,
    [
      'bin/tars.mjs',
      'eval',
      '--provider',
      'main',
      '--scenario',
      'healthy-cluster',
      '--runs',
      '2',
      '--concurrency',
      '1',
      '--json',
    ],
    {
      env: { ...process.env, ...database, TARS_CONFIG: configDir, LOG_LEVEL: 'fatal' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // As in a terminal, where what is typed goes to a whole group.
      detached: true,
    },
  );
  started = child;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  await model.waitForBlocked('hold', 150_000);
  return { child, output: () => output };
}

const stateOf = async () => {
  const evaluations = await rowsOf(
    db.database,
    `select e.status, e.error, count(r.id)::int as results from evaluation e
     left join evaluation_result r on r.evaluation_id = e.id group by e.id order by e.id desc limit 1`,
  );
  const sessions = await rowsOf<{ status: string }>(
    db.database,
    'select status from session order by arrival desc limit 2',
  );
  return { evaluation: evaluations[0], sessions: sessions.map(({ status }) => status) };
};

test('Ctrl-C stops it, keeps what was done, and leaves nothing running', async () => {
  const { child, output } = await startAndBlock();
  const exit = once(child, 'exit');
  child.kill('SIGINT');
  expect(await exit).toEqual([1, null]);
  expect(await stateOf()).toEqual({
    evaluation: { status: 'cancelled', error: 'Stopped before it was finished.', results: 1 },
    sessions: ['cancelled', 'completed'],
  });
  expect(output()).toContain('[1/2] FAILED  medium  healthy-cluster  attempt 1');
  expect(JSON.parse(output().trim().split('\n').at(-1) ?? '')).toMatchObject({
    status: 'cancelled',
    summary: { planned: 2, attempts: 1, passed: 0 },
  });
}, 240_000);

test('Ctrl-C in a terminal reaches everybody in the group, but not the embedded database before all is kept', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tars-stop-eval-'));
  const { child, output } = await startAndBlock({ DATABASE_URL: undefined, TARS_DATA_DIR: dataDir });
  const exit = once(child, 'exit');
  process.kill(-Number(child.pid), 'SIGINT');
  expect(await exit).toEqual([1, null]);
  expect(JSON.parse(output().trim().split('\n').at(-1) ?? '')).toMatchObject({
    status: 'cancelled',
    summary: { planned: 2, attempts: 1, passed: 0 },
  });
  expect(await findRunning(join(dataDir, 'postgres.json'))).toBeUndefined();
}, 240_000);

test('killed, it counts as failed with what it had done, as soon as somebody looks', async () => {
  const { child } = await startAndBlock();
  // It lives: nobody closes it.
  expect(await closeAbandonedEvaluations(kernel)).toBe(0);
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
  const closed = await waitFor(async () => (await closeAbandonedEvaluations(kernel)) || null, 'not closed');
  expect(closed).toBe(1);
  expect(await stateOf()).toMatchObject({
    evaluation: {
      status: 'failed',
      error: expect.stringContaining('ended before it was finished'),
      results: 1,
    },
    sessions: ['cancelled', 'completed'],
  });
  expect(await closeAbandonedEvaluations(kernel)).toBe(0);
}, 240_000);
