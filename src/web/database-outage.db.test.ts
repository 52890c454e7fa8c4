import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '#src/server/db/database.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { openBreakableConnection } from '#test/web/breakable-connection.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';

const db = useTestDatabase();
let wire: Awaited<ReturnType<typeof openBreakableConnection>>;
let database: Database;
let web: TestWeb;
beforeAll(async () => {
  const url = new URL(db.url);
  wire = await openBreakableConnection({ host: url.hostname, port: Number(url.port) });
  url.port = String(wire.port);
  database = openDatabase(url.toString());
  web = await startTestWeb(database);
});
afterAll(async () => {
  await web.close();
  await database.close();
  await wire.close();
});

const RECOVERY_LIMIT_MS = 15_000;

async function until(wanted: number, ask: () => Promise<number>): Promise<number> {
  const deadline = Date.now() + RECOVERY_LIMIT_MS;
  let status = await ask();
  while (status !== wanted && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    status = await ask();
  }
  return status;
}

test('while the database is away the answer is 503 and not ready; afterwards everything works again', async () => {
  const headers = { authorization: `Bearer ${await web.key(await web.project('outage'), 'viewer')}` };
  const list = () => fetch(`${web.url}/api/v1/sessions`, { headers });
  const trpc = () => fetch(`${web.url}/api/trpc/access.me`, { headers });
  const health = async () => (await fetch(`${web.url}/api/health`)).status;
  expect([(await list()).status, (await trpc()).status, await health()]).toEqual([200, 200, 200]);

  await wire.cut();
  expect(await until(503, health)).toBe(503);
  const answer = await list();
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await answer.json()).toMatchObject({ error: { code: 'unavailable' } });
  expect((await trpc()).status).toBe(503);
  expect((await fetch(`${web.url}/api/health/live`)).status).toBe(200);

  await wire.mend();
  expect(await until(200, health)).toBe(200);
  expect(await until(200, async () => (await list()).status)).toBe(200);
  expect((await trpc()).status).toBe(200);
});
