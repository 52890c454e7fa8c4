import { afterAll, beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '#test/postgres.ts';
import { connectClient, eventually } from '#test/socket-client.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';
import type { ApiKeyView } from '../schema.ts';

/** API keys over REST, with two web processes on one database. */
const db = useTestDatabase();
let web: TestWeb;
let second: TestWeb;
let admin: string;
let projectId: string;
beforeAll(async () => {
  web = await startTestWeb(db.database);
  second = await startTestWeb(db.database);
  projectId = await web.project('keys');
  admin = await web.cookie({ [projectId]: 'admin' });
});
afterAll(async () => {
  await web.close();
  await second.close();
});

async function call<T>(path: string, body?: unknown, cookie = admin): Promise<{ status: number; body: T }> {
  const response = await fetch(`${web.url}/api/v1${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { cookie },
  });
  return { status: response.status, body: await response.json() };
}
const create = async (input: Record<string, unknown>) => {
  const { body, status } = await call<{ key: string; item: ApiKeyView }>('/keys', {
    scope: 'viewer',
    ...input,
  });
  expect(status).toBe(201);
  return body;
};
const statusWith = async (key: string, { url } = second) =>
  (await fetch(`${url}/api/v1/sessions`, { headers: { authorization: `Bearer ${key}` } })).status;

test('a key is shown once; the list tells it apart and says who made it', async () => {
  const { key, item } = await create({ name: 'grafana' });
  expect(await statusWith(key)).toBe(200);
  const { body } = await call<{ items: ApiKeyView[] }>('/keys');
  expect(body.items).toContainEqual({ ...item, lastUsedAt: expect.toSatisfy((at) => at === null || !!at) });
  expect(item).toMatchObject({ name: 'grafana', createdBy: 'A person', expiresAt: null, revokedAt: null });
  expect(key.startsWith(item.prefix)).toBe(true);
  expect(JSON.stringify(body)).not.toContain(key);
});

test('a revoked key is refused by every process and its open connection ended', async () => {
  const { key, item } = await create({ name: 'leaked' });
  const client = connectClient(second.url, { authorization: `Bearer ${key}` });
  const ended = new Promise<string>((resolve) => client.socket.once('disconnect', resolve));
  expect(await client.joinProject('keys')).toMatchObject({ ok: true });
  // Remembered there, so that only who hears of the change looks again.
  expect(await statusWith(key)).toBe(200);
  expect((await call(`/keys/${item.id}/revoke`, {})).status).toBe(200);
  expect(await ended).toBe('transport close');
  expect(await statusWith(key)).toBe(401);
  await eventually('this process knows too', async () => (await statusWith(key, web)) === 401);
  client.close();

  // For good: the time of the first revocation stays, and the history has one entry.
  const { body } = await call<{ items: ApiKeyView[] }>('/keys');
  const { revokedAt } = body.items.find(({ id }) => id === item.id) ?? {};
  expect((await call(`/keys/${item.id}/revoke`, {})).status).toBe(200);
  const { body: after } = await call<{ items: ApiKeyView[] }>('/keys');
  expect(after.items.find(({ id }) => id === item.id)?.revokedAt).toBe(revokedAt);
  const { body: events } = await call<{ items: { action: string; actor: string; subject: string }[] }>(
    '/access-events',
  );
  expect(events.items.filter(({ subject }) => subject === 'leaked')).toMatchObject([
    { action: 'key_revoked', actor: 'A person' },
    { action: 'key_created', actor: 'A person' },
  ]);
});

test('a member who is taken out is disconnected', async () => {
  const cookie = await web.cookie({ [projectId]: 'viewer' });
  const client = connectClient(second.url, { cookie });
  const ended = new Promise<string>((resolve) => client.socket.once('disconnect', resolve));
  expect(await client.joinProject('keys')).toMatchObject({ ok: true });
  const { body } = await call<{ items: { id: string; role: string }[] }>('/members');
  const viewer = body.items.find(({ role }) => role === 'viewer');
  expect((await call(`/members/${viewer?.id}/remove`, {})).status).toBe(200);
  expect(await ended).toBe('transport close');
  client.close();
});

test('an end that has passed makes a key worthless, and cannot be given', async () => {
  const inAMinute = new Date(Date.now() + 60_000).toISOString();
  const { key, item } = await create({ name: 'short', expiresAt: inAMinute });
  expect(item.expiresAt).toBe(inAMinute);
  expect(await statusWith(key, web)).toBe(200);
  await db.database.pool.query('update api_key set expires_at = now() where id = $1', [item.id]);
  expect(await statusWith(key, second)).toBe(401);
  const past = new Date(Date.now() - 1_000).toISOString();
  for (const expiresAt of [past, 'tomorrow']) {
    expect(await call('/keys', { name: 'late', scope: 'viewer', expiresAt })).toMatchObject({
      status: 400,
      body: { error: { fields: [{ path: 'expiresAt' }] } },
    });
  }
});

test('keys are for administrators', async () => {
  const operator = await web.cookie({ [projectId]: 'operator' });
  expect((await call('/keys', undefined, operator)).status).toBe(403);
  expect((await call('/keys', { name: 'x', scope: 'admin' }, operator)).status).toBe(403);
});
