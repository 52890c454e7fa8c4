import { afterEach, describe, expect, test } from 'vitest';
import { createTestKernel, createTestProject, writeConfig } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { postAlert } from '#test/runs.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';

const db = useTestDatabase();
let web: TestWeb | undefined;
afterEach(async () => {
  await web?.close();
  web = undefined;
  await db.database.pool.query('truncate project cascade');
});

async function open(config: object): Promise<TestWeb> {
  web = await startTestWeb(db.database, { configDir: await writeConfig(config) });
  return web;
}
const deliver = ({ url }: TestWeb, key: string, path = '/alerts', body: object = { data: 'It is down.' }) =>
  fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
const generic = { title: 'Down', description: 'It is down.' };

describe('intake.rateLimit', () => {
  test('a sender over its rate is told when to come again; others and reading are not concerned', async () => {
    const server = await open({ intake: { rateLimit: { perMinute: 1, burst: 2 } } });
    const project = await server.project('rates');
    const [noisy, other] = [await server.key(project, 'operator'), await server.key(project, 'alerts')];
    expect((await deliver(server, noisy)).status).toBe(202);
    // All ways in count together.
    expect((await deliver(server, noisy, '/webhooks/generic', generic)).status).toBe(202);
    for (const path of ['/alerts', '/webhooks/generic']) {
      const refused = await deliver(server, noisy, path, path === '/alerts' ? { data: 'x' } : generic);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.json()).toMatchObject({
        error: {
          code: 'too_many_requests',
          message: expect.stringContaining('More than 1 deliveries a minute'),
        },
      });
    }
    expect((await deliver(server, other)).status).toBe(202);
    const read = await fetch(`${server.url}/api/v1/sessions`, {
      headers: { authorization: `Bearer ${noisy}` },
    });
    expect(read.status).toBe(200);
    const { rows } = await db.database.pool.query('select count(*)::int as n from session');
    expect(rows).toEqual([{ n: 3 }]);
  });

  test('without it nobody is counted', async () => {
    const server = await open({});
    const key = await server.key(await server.project('free'), 'alerts');
    const answers = await Promise.all(Array.from({ length: 30 }, () => deliver(server, key)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
  });
});

describe('queue.maxPendingPerProject', () => {
  test('a noisy project fills its share and not the queue; repeats are still taken', async () => {
    const server = await open({ queue: { maxPendingSessions: 10, maxPendingPerProject: 2 } });
    const noisy = await server.key(await server.project('noisy'), 'alerts');
    const quiet = await server.key(await server.project('quiet'), 'alerts');
    const known = { data: 'It is down.', fingerprint: 'known' };
    expect((await deliver(server, noisy, '/alerts', known)).status).toBe(202);
    expect((await deliver(server, noisy)).status).toBe(202);
    const refused = await deliver(server, noisy);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
    expect(await refused.text()).toContain('share of the queue is full (2 of its sessions wait)');
    expect((await deliver(server, noisy, '/webhooks/generic', generic)).status).toBe(503);
    expect(await (await deliver(server, noisy, '/alerts', known)).json()).toMatchObject({
      deduplicated: true,
    });
    expect((await deliver(server, quiet)).status).toBe(202);
  });

  test('is exact when many arrive at once', async () => {
    const kernel = await createTestKernel(db.database, {
      queue: { maxPendingSessions: 12, maxPendingPerProject: 5 },
    });
    const [one, other] = [await createTestProject(db.database), await createTestProject(db.database)];
    const answers = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) => postAlert(kernel, (n % 2 === 0 ? one : other).id)),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    const { rows } = await db.database.pool.query(
      'select count(*)::int as n from session group by project_id order by 1',
    );
    expect(rows).toEqual([{ n: 5 }, { n: 5 }]);
  });
});
