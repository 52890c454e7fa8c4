import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadEnv } from '#src/server/env.ts';
import { openKernel } from '#src/server/open-kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { startTestWeb } from '#test/web/start-test-web.ts';

const db = useTestDatabase();
const main = fileURLToPath(new URL('../main.ts', import.meta.url));
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tars-start-'));
  await mkdir(join(directory, 'config'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const variables = (changes: Record<string, string>): NodeJS.ProcessEnv => ({
  NODE_ENV: 'production',
  PATH: process.env.PATH ?? '',
  DATABASE_URL: db.url,
  TARS_PORT: '0',
  TARS_DATA_DIR: join(directory, 'data'),
  TARS_CONFIG: join(directory, 'config'),
  ...changes,
});

/** Runs the web process to its end and returns what it said on stderr besides the log. */
async function runToEnd(changes: Record<string, string>): Promise<{ code: number | null; words: string }> {
  const child: ChildProcess = spawn(process.execPath, [main], {
    env: variables(changes),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr?.on('data', (chunk) => {
    text += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const words = text.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
  return { code, words: words.join('\n') };
}

describe('a start that cannot work says why in one line', () => {
  test('a password that is wrong, without repeating it', async () => {
    const url = new URL(db.url);
    url.password = 'not-the-password';
    const { code, words } = await runToEnd({ DATABASE_URL: url.toString() });
    expect(code).toBe(1);
    expect(words).toMatch(
      /^tars: Database 127\.0\.0\.1:\d+\/\w+ cannot be used: password authentication failed.*$/,
    );
    expect(words).not.toContain('not-the-password');
  });

  test('a database that does not exist', async () => {
    const url = new URL(db.url);
    url.pathname = '/nowhere';
    const { code, words } = await runToEnd({ DATABASE_URL: url.toString() });
    expect(code).toBe(1);
    expect(words).toMatch(/^tars: Database \S+\/nowhere cannot be used: database "nowhere" does not exist$/);
  });

  test('an environment that is not valid', async () => {
    const { code, words } = await runToEnd({ TARS_PORT: 'many' });
    expect(code).toBe(1);
    expect(words).toMatch(/^tars: Environment is not valid\. TARS_PORT: .*$/);
  });

  test('a configuration that is not valid', async () => {
    const config = join(directory, 'bad');
    await mkdir(config);
    await writeFile(join(config, 'tars.yaml'), 'quene: {}\n');
    const { code, words } = await runToEnd({ TARS_CONFIG: config });
    expect(code).toBe(1);
    expect(words).toContain('tars.yaml:1');
    expect(words).not.toMatch(/^\s+at /m);
  });

  test('a port in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const { code, words } = await runToEnd({ TARS_PORT: String(port) });
    await new Promise((resolve) => other.close(resolve));
    expect(code).toBe(1);
    expect(words).toBe(`tars: 127.0.0.1:${port} is in use by another program. Set TARS_PORT to a free port.`);
  });
});

test('the secret is made once, kept private, and shared by processes that start together', async () => {
  const env = loadEnv(variables({ TARS_DATA_DIR: join(directory, 'fresh'), LOG_LEVEL: 'silent' }));
  const kernels = await Promise.all([
    openKernel({ env, process: 'web' }),
    openKernel({ env, process: 'worker' }),
    openKernel({ env, process: 'tars' }),
  ]);
  const [first = ''] = kernels.map((kernel) => kernel.env.authSecret);
  expect(first.length).toBeGreaterThanOrEqual(43);
  expect(new Set(kernels.map((kernel) => kernel.env.authSecret)).size).toBe(1);
  const path = join(env.dataDir, 'auth-secret');
  expect((await readFile(path, 'utf8')).trim()).toBe(first);
  expect((await stat(path)).mode & 0o077).toBe(0);
  const sealed = kernels[0]?.secrets.seal('text') ?? new Uint8Array();
  expect(kernels[1]?.secrets.open(sealed)).toBe('text');
  for (const kernel of kernels) await kernel.close();
});

test('stopping: not ready at once, a running request is finished, then nobody listens', async () => {
  const web = await startTestWeb(db.database);
  const { port } = new URL(web.url);
  const authorization = `Bearer ${await web.key(await web.project('stopping'), 'alerts')}`;
  const answer = Promise.withResolvers<number | undefined>();
  const running = request(`${web.url}/api/v1/alerts`, { method: 'POST', headers: { authorization } });
  running.on('response', (response) => {
    response.resume();
    answer.resolve(response.statusCode);
  });
  running.on('error', answer.reject);
  running.write('{"data":');
  // Answered after the first bytes above have arrived, so the request is running.
  expect((await fetch(`${web.url}/api/health`)).status).toBe(200);

  const closed = web.stop({ noticeMs: 300 });
  const health = await fetch(`${web.url}/api/health`);
  expect(health.status).toBe(503);
  expect((await health.json()).components).toContainEqual({
    name: 'web',
    status: 'down',
    detail: 'shutting down',
  });
  await new Promise((resolve) => setTimeout(resolve, 400));
  running.end('5}');
  expect(await answer.promise).toBeLessThan(500);
  await closed;
  await expect(fetch(`http://127.0.0.1:${port}/api/health/live`)).rejects.toThrow();
  await web.close();
});

test('until the pages are open, every answer is JSON that says so', async () => {
  const seen: { path: string; status: number; body: unknown }[] = [];
  const look = async (url: string) => {
    for (const path of ['/api/health/live', '/api/health', '/api/v1/alerts']) {
      const response = await fetch(`${url}${path}`);
      seen.push({ path, status: response.status, body: await response.json() });
    }
  };
  const openPages = async ({ host, port }: { host: string; port: number }): Promise<never> => {
    await look(`http://${host}:${port}`);
    throw new Error('the pages did not open');
  };
  await expect(startTestWeb(db.database, { openPages })).rejects.toThrow('the pages did not open');
  expect(seen).toMatchObject([
    { status: 200, body: { status: 'ok' } },
    { status: 503, body: { status: 'down', components: [{ name: 'web', detail: 'starting' }] } },
    { status: 503, body: { error: { code: 'unavailable', message: 'TARS is starting.' } } },
  ]);
});
