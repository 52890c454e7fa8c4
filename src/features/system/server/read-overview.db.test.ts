import { beforeAll, expect, test } from 'vitest';
import { configSchema } from '#src/server/config/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { version } from '#src/server/version.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { fixtureKernel, insertProject, insertSession, startInvestigation } from '#test/session-fixtures.ts';
import { noticesSchema, systemOverviewSchema } from '../schema.ts';
import { readConfiguration, showConfiguration } from './read-configuration.ts';
import { readNotices } from './read-notices.ts';
import { readOverview } from './read-overview.ts';

const db = useTestDatabase();
let kernel: Kernel;

beforeAll(() => {
  const config = configSchema.parse({
    queue: { maxRunningSessions: 3, workerConcurrency: 2, maxPendingSessions: 2, sessionTimeout: '40m' },
    llmProviders: {
      offline: { type: 'offline', model: 'analyst' },
      main: { type: 'openai', model: 'm', apiKey: 'sk-very-secret-key-0123456789' },
    },
    mcpServers: {
      cluster: {
        transport: {
          type: 'http',
          url: 'http://127.0.0.1:9/mcp',
          headers: { Authorization: 'Bearer hidden-token-1' },
        },
      },
      spare: {
        transport: { type: 'stdio', command: 'true', args: [], env: { SPARE_TOKEN: 'hidden-token-2' } },
      },
    },
  });
  kernel = fixtureKernel(db.database, config);
});

const component = async (name: string) =>
  (await readOverview(kernel, null)).components.find((candidate) => candidate.name === name);

test('an empty installation: no worker, nothing waiting, servers never seen', async () => {
  const overview = await readOverview(kernel, null);
  expect(systemOverviewSchema.parse(overview)).toEqual(overview);
  expect(overview).toMatchObject({
    provider: { name: 'offline', type: 'offline', model: 'analyst', offline: true },
    workers: [],
    queue: { pending: 0, running: 0, waiting: 0, maxRunning: 3, maxPending: 2, oldestPendingAt: null },
    mcpServers: [
      { name: 'cluster', status: 'unknown', tools: [] },
      { name: 'spare', status: 'unknown', tools: [] },
    ],
    warnings: [{ key: 'worker', message: 'No worker is running: alerts are taken and wait.' }],
  });
  expect(await component('worker')).toMatchObject({ status: 'down' });
  expect(await component('database')).toMatchObject({ status: 'ok' });
});

test('workers, queue, servers and warnings as they are', async () => {
  const { pool } = db.database;
  await pool.query(
    `insert into worker_host (id, hostname, pid, concurrency, version, started_at, heartbeat_at) values
       ('fixture', 'one', 11, 5, '1', now(), now()),
       ('stale', 'two', 12, 5, '1', now(), now() - interval '16 seconds'),
       ('gone', 'three', 13, 5, '1', now(), now() - interval '2 days')`,
  );
  await pool.query(
    `insert into mcp_server_status (name, status, error, tools, checked_at) values
       ('cluster', 'failed', 'connection refused', $1, now()), ('removed', 'ok', null, '[]', now())`,
    [
      JSON.stringify([
        { name: 'pods_list', description: 'x'.repeat(9_000), readOnly: true },
        { name: 'pods_delete' },
      ]),
    ],
  );
  await pool.query(
    `insert into system_warning (key, message) values ('mcp:cluster', 'cluster does not answer')`,
  );
  const { id } = await insertProject(db.database, 'system');
  for (let n = 0; n < 3; n += 1) await insertSession(db.database, { projectId: id });
  await startInvestigation(db.database);

  const overview = await readOverview(kernel, null);
  expect(systemOverviewSchema.parse(overview)).toEqual(overview);
  expect(overview.workers.map(({ id: name, alive, running }) => ({ name, alive, running }))).toEqual([
    { name: 'fixture', alive: true, running: 1 },
    { name: 'stale', alive: false, running: 0 },
  ]);
  expect(overview.queue).toMatchObject({ pending: 2, running: 1, waiting: 0 });
  expect(Date.parse(overview.queue.oldestPendingAt ?? '')).toBeGreaterThan(0);
  expect(overview.mcpServers.map((server) => server.name)).toEqual(['cluster', 'spare']);
  expect(overview.mcpServers[0]).toMatchObject({ status: 'failed', error: 'connection refused' });
  expect(overview.mcpServers[0]?.tools).toMatchObject([
    { name: 'pods_list', readOnly: true },
    { name: 'pods_delete', description: '', readOnly: false },
  ]);
  expect(overview.mcpServers[0]?.tools[0]?.description).toHaveLength(2_000);
  expect(overview.warnings).toMatchObject([{ key: 'mcp:cluster', message: 'cluster does not answer' }]);
  expect(await component('worker')).toMatchObject({ status: 'ok', detail: '1 alive, 5 at a time' });
  expect(await component('queue')).toMatchObject({ status: 'degraded' });
  expect(await component('MCP servers')).toMatchObject({
    status: 'degraded',
    detail: 'not answering: cluster',
  });
});

test('notices: the release that answers, and no worker above what workers wrote down', async () => {
  const { pool } = db.database;
  await pool.query('delete from worker_host');
  const silent = await readNotices(kernel);
  expect(noticesSchema.parse(silent)).toEqual(silent);
  expect(silent.release.startsWith(version)).toBe(true);
  expect(silent.warnings.map(({ key }) => key)).toEqual(['worker', 'mcp:cluster']);
  const beat = (id: string, age: string) =>
    pool.query(
      `insert into worker_host (id, hostname, pid, concurrency, version, started_at, heartbeat_at)
       values ($1, 'one', 1, 5, '1', now(), now() - $2::interval)`,
      [id, age],
    );
  await beat('long-gone', '2 days');
  const [gone] = (await readNotices(kernel)).warnings;
  expect(gone?.key).toBe('worker');
  expect(Date.parse(gone?.createdAt ?? '')).toBeLessThan(Date.now() - 86_400_000);
  await beat('here', '0');
  expect((await readNotices(kernel)).warnings.map(({ key }) => key)).toEqual(['mcp:cluster']);
});

test('the configuration is shown without its secrets, to people with durations as in a file', () => {
  const shown = [readConfiguration(kernel).yaml, showConfiguration(kernel).yaml];
  for (const yaml of shown) {
    expect(yaml).toContain('maxRunningSessions: 3');
    expect(yaml).toContain('127.0.0.1:9/mcp');
    for (const secret of ['sk-very-secret', 'hidden-token-1', 'hidden-token-2'])
      expect(yaml).not.toContain(secret);
  }
  expect(shown[0]).toContain('sessionTimeout: 2400000');
  expect(shown[1]).toContain('sessionTimeout: 40m');
});
