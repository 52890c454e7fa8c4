import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeConfig } from '#test/kernel.ts';
import { createTestDatabase, dropTestDatabase } from '#test/postgres.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';
import type { AccessEvent, Member } from '../schema.ts';

/** Members over REST, as people behind a trusted proxy and API keys see them. */
const ADA = { 'x-auth-user': 'ada', 'x-auth-email': 'ada@example.test' };
const BOB = { 'x-auth-user': 'bob' };

let web: TestWeb;
let open: (auth?: Record<string, unknown>) => Promise<void>;
beforeAll(() => {
  open = async (auth = {}) => {
    const fresh = await createTestDatabase();
    web = await startTestWeb(fresh.database, {
      env: { TARS_PROXY_HEADERS: 'x-auth-user,x-auth-email' },
      configDir: await writeConfig({ auth }),
    });
    // The first person of all becomes administrator of default.
    expect(await me(ADA)).toEqual([{ slug: 'default', role: 'admin' }]);
  };
});
const close = async () => {
  await web.close();
  await dropTestDatabase(web.kernel.database);
};

type Headers = Record<string, string>;
async function call<T>(headers: Headers, path: string, body?: unknown): Promise<{ status: number; body: T }> {
  const response = await fetch(`${web.url}/api/v1${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'x-tars-project': 'default', ...headers },
  });
  return { status: response.status, body: await response.json() };
}
async function me(headers: Headers): Promise<{ slug: string; role: string }[]> {
  const response = await fetch(`${web.url}/api/trpc/access.me`, { headers });
  const { result }: { result: { data: { projects: { slug: string; role: string }[] } } } =
    await response.json();
  return result.data.projects.map(({ slug, role }) => ({ slug, role }));
}
const list = async (headers: Headers = ADA, query = '') =>
  (await call<{ items: Member[] }>(headers, `/members${query}`)).body.items;
const add = (who: string, role = 'viewer', headers: Headers = ADA) =>
  call<Member>(headers, '/members', { who, role });
const history = async () =>
  (await call<{ items: AccessEvent[] }>(ADA, '/access-events')).body.items.map(
    ({ action, actor, subject, detail }) => [action, actor, subject, detail],
  );

describe('members', () => {
  beforeEach(() => open());
  afterEach(close);

  test('somebody who has signed in is let in at once, changed and taken out; all of it is noted', async () => {
    expect(await me(BOB)).toEqual([]);
    const added = await add('bob');
    expect(added).toMatchObject({
      status: 201,
      body: { name: 'bob', role: 'viewer', status: 'member', identities: ['proxy:bob'], addedBy: 'ada' },
    });
    const { id } = added.body;
    await expect.poll(() => me(BOB)).toEqual([{ slug: 'default', role: 'viewer' }]);
    expect(await call(ADA, `/members/${id}/role`, { role: 'operator' })).toMatchObject({
      status: 200,
      body: { role: 'operator' },
    });
    await expect.poll(() => me(BOB)).toEqual([{ slug: 'default', role: 'operator' }]);
    expect(await call(ADA, `/members/${id}/remove`, {})).toMatchObject({
      status: 200,
      body: { removed: true },
    });
    await expect.poll(() => me(BOB)).toEqual([]);
    expect((await call(ADA, `/members/${id}/remove`, {})).status).toBe(404);
    expect(await history()).toEqual([
      ['member_removed', 'ada', 'bob', 'operator'],
      ['role_changed', 'ada', 'bob', 'viewer → operator'],
      ['member_added', 'ada', 'bob', 'viewer'],
      ['member_joined', null, 'ada', 'admin, the first person here'],
    ]);
  });

  test.each([
    ['their login', 'grace', { 'x-auth-user': 'grace' }],
    ['their address', 'Grace@Example.Test', { 'x-auth-user': 'g', 'x-auth-email': 'grace@example.test' }],
    ['a login that is an address', 'grace@example.test', { 'x-auth-user': 'Grace@example.test' }],
  ])('before the first sign-in somebody is invited by %s', async (_name, who, headers) => {
    const { body, status } = await add(who, 'operator');
    expect([status, body.status]).toEqual([201, 'invited']);
    expect(await add(who)).toMatchObject({ status: 409 });
    // Somebody else's sign-in takes nothing.
    expect(await me(BOB)).toEqual([]);
    expect(await me(headers)).toEqual([{ slug: 'default', role: 'operator' }]);
    const members = await list();
    expect(members.map(({ name, status: state, addedBy }) => [name, state, addedBy])).toEqual([
      ['ada', 'member', null],
      [headers['x-auth-user'], 'member', 'ada'],
    ]);
    expect((await history())[0]).toEqual([
      'member_joined',
      null,
      headers['x-auth-user'],
      'operator, invited by ada',
    ]);
  });

  test('an invitation can be changed and withdrawn', async () => {
    const { id } = (await add('grace')).body;
    expect((await call(ADA, `/members/${id}/role`, { role: 'admin' })).status).toBe(200);
    // Who is only invited is no administrator yet.
    const [ada] = await list(ADA, '?q=ada');
    expect((await call(ADA, `/members/${ada?.id}/remove`, {})).status).toBe(409);
    expect((await call(ADA, `/members/${id}/remove`, {})).status).toBe(200);
    expect(await me({ 'x-auth-user': 'grace' })).toEqual([]);
  });

  test('the last administrator stays, also when two remove each other at once', async () => {
    const [ada] = await list();
    for (const [command, body] of [
      ['remove', {}],
      ['role', { role: 'viewer' }],
    ] as const) {
      expect(await call(ADA, `/members/${ada?.id}/${command}`, body)).toMatchObject({
        status: 409,
        body: { error: { message: expect.stringContaining('last administrator') } },
      });
    }
    await me(BOB);
    const bob = (await add('bob', 'admin')).body;
    await expect.poll(() => me(BOB)).toEqual([{ slug: 'default', role: 'admin' }]);
    const answers = await Promise.all([
      call(ADA, `/members/${bob.id}/remove`, {}),
      call(BOB, `/members/${ada?.id}/remove`, {}),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const key = await web.key(await projectId(), 'admin');
    const left = await list({ authorization: `Bearer ${key}` });
    expect(left.filter(({ role }) => role === 'admin')).toHaveLength(1);
  });

  test('only administrators see and change members, and only of their project', async () => {
    await me(BOB);
    const { id } = (await add('bob', 'operator')).body;
    await expect.poll(() => me(BOB)).toHaveLength(1);
    expect((await call(BOB, '/members')).status).toBe(403);
    expect((await add('eve', 'viewer', BOB)).status).toBe(403);
    const other = await web.key(await web.project('other'), 'admin');
    const foreign = { authorization: `Bearer ${other}`, 'x-tars-project': 'other' };
    expect((await call(foreign, `/members/${id}/remove`, {})).status).toBe(404);
    expect((await call(foreign, `/members/${id}/role`, { role: 'viewer' })).status).toBe(404);
  });

  test('who is named unclearly is refused with the field', async () => {
    expect(await add('a@b@c')).toMatchObject({
      status: 400,
      body: { error: { fields: [{ path: 'who' }] } },
    });
    expect((await add('bob', 'alerts')).status).toBe(400);
  });

  test('no stranger becomes administrator while one has been invited', async () => {
    await web.kernel.database.pool.query('truncate app_user cascade');
    const project = await web.project('fresh');
    const key = { authorization: `Bearer ${await web.key(project, 'admin')}`, 'x-tars-project': 'fresh' };
    expect((await add('grace', 'admin', key)).body.status).toBe('invited');
    expect(await me({ 'x-auth-user': 'stranger' })).toEqual([]);
    expect(await me({ 'x-auth-user': 'grace' })).toEqual([{ slug: 'fresh', role: 'admin' }]);
  });
});

async function projectId(): Promise<string> {
  const { rows } = await web.kernel.database.pool.query(`select id from project where slug = 'default'`);
  return rows[0].id;
}

describe('auth.defaultRole', () => {
  afterAll(close);

  test('new people get it in the default project, once; who was taken out stays out', async () => {
    await open({ defaultRole: 'viewer' });
    await web.project('other');
    expect(await me(BOB)).toEqual([{ slug: 'default', role: 'viewer' }]);
    await add('grace', 'operator');
    expect(await me({ 'x-auth-user': 'grace' })).toEqual([{ slug: 'default', role: 'operator' }]);
    const [bob] = await list(ADA, '?q=bob');
    await call(ADA, `/members/${bob?.id}/remove`, {});
    await expect.poll(() => me(BOB)).toEqual([]);
    // A changed address is a refreshed account, not a new one.
    expect(await me({ ...BOB, 'x-auth-email': 'bob@example.test' })).toEqual([]);
  });
});
