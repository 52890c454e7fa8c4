import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { appendEvents } from '#src/features/sessions/server/index.ts';
import type { Principal, Role } from '#src/server/auth/principal.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { fixtureKernel, insertProject, insertSession } from '#test/session-fixtures.ts';
import {
  connectClient,
  eventually,
  type RealtimeServer,
  type SocketClient,
  startRealtimeServer,
} from '#test/socket-client.ts';

const db = useTestDatabase();
let server: RealtimeServer;
let kernel: Kernel;
let project = { id: '', slug: '' };
let sessionId = '';
const clients: SocketClient[] = [];

const user = (...memberships: [string, Role][]): Principal => ({
  kind: 'user',
  userId: 'u1',
  name: 'Vera',
  memberships: new Map(memberships),
});

beforeAll(async () => {
  kernel = fixtureKernel(db.database);
  server = await startRealtimeServer(kernel);
  project = await insertProject(db.database, 'shop');
});
beforeEach(async () => {
  server.principals.set('viewer', user([project.id, 'viewer']));
  sessionId = await insertSession(db.database, { projectId: project.id });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => server.close());

const connect = (options: Parameters<typeof connectClient>[1] = { cookie: 'viewer' }) => {
  const client = connectClient(server.url, options);
  clients.push(client);
  return client;
};

let written = 0;
/** Appends `count` events in batches, as a worker that streams. */
async function write(id: string, count: number, batchSize = 25): Promise<void> {
  for (let done = 0; done < count; done += batchSize) {
    const size = Math.min(batchSize, count - done);
    const events = Array.from({ length: size }, () => {
      written += 1;
      return {
        type: 'item.delta' as const,
        payload: { itemId: 'i', offset: written, text: `text ${written}` },
      };
    });
    await appendEvents(db.database.pool, { sessionId: id, events });
  }
}

const numbers = (client: SocketClient, id = sessionId) =>
  (client.events.get(id) ?? []).map((event) => event.seq);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const latestOf = async (id: string): Promise<number> =>
  (await db.database.pool.query('select last_seq from session where id = $1', [id])).rows[0].last_seq;
const receivedAll = async (client: SocketClient, id = sessionId) => {
  const latest = await latestOf(id);
  await eventually(
    `event ${latest} of the session`,
    () => (client.events.get(id)?.at(-1)?.seq ?? 0) >= latest,
  );
};

test('a connection without a valid credential is refused', async () => {
  const stranger = connect({ cookie: 'nobody' });
  const error = await new Promise<Error>((resolve) => stranger.socket.once('connect_error', resolve));
  expect(error.message).toBe('unauthorized');
});

test('a page of another site cannot use the cookie', async () => {
  const foreign = connect({ cookie: 'viewer', origin: 'https://evil.example' });
  await new Promise((resolve) => foreign.socket.once('connect_error', resolve));
  expect(foreign.socket.connected).toBe(false);
  const own = connect({ cookie: 'viewer', origin: server.url });
  await new Promise<void>((resolve) => own.socket.once('connect', resolve));
});

test('a session of a foreign project, an unknown one and nonsense cannot be joined', async () => {
  const foreign = await insertProject(db.database, `foreign-${Date.now()}`);
  const secret = await insertSession(db.database, { projectId: foreign.id });
  const client = connect();
  const join = (request: unknown) => client.socket.timeout(5_000).emitWithAck('session:join', request);
  const own = project.slug;
  expect(await join({ project: foreign.slug, sessionId: secret, after: 0 })).toMatchObject({
    ok: false,
    code: 'not_found',
  });
  expect(await join({ project: own, sessionId: secret, after: 0 })).toMatchObject({
    ok: false,
    code: 'not_found',
  });
  expect(await join({ project: own, sessionId: 'x', after: 0 })).toMatchObject({
    ok: false,
    code: 'bad_request',
  });
  expect(await join({ project: own, sessionId, after: -1 })).toMatchObject({
    ok: false,
    code: 'bad_request',
  });
  expect(await join({ project: own, sessionId, after: 2_000_000 })).toMatchObject({
    ok: false,
    code: 'conflict',
  });
  expect(await join(undefined)).toMatchObject({ ok: false, code: 'bad_request' });
  expect(await client.joinProject(foreign.slug)).toMatchObject({ ok: false, code: 'not_found' });
  await write(secret, 50);
  await write(sessionId, 1);
  expect(await client.join({ project: own, sessionId, after: 0 })).toMatchObject({ ok: true });
  await receivedAll(client);
  expect([...client.events.keys()]).toEqual([sessionId]);
});

test('clients that join before, during and after 5,000 events get each once and in order', async () => {
  const early = connect();
  expect(await early.join({ project: project.slug, sessionId, after: 0 })).toEqual({ ok: true, latest: 1 });
  const writing = write(sessionId, 5_000);
  const joined: { client: SocketClient; after: number }[] = [{ client: early, after: 0 }];
  for (const after of [0, 100, 1_000, 2_500]) {
    await eventually(`event ${after}`, async () => (await latestOf(sessionId)) >= after);
    const client = connect();
    expect(await client.join({ project: project.slug, sessionId, after })).toMatchObject({ ok: true });
    joined.push({ client, after });
  }
  await writing;
  const late = connect();
  expect(await late.join({ project: project.slug, sessionId, after: 17 })).toEqual({
    ok: true,
    latest: 5_001,
  });
  joined.push({ client: late, after: 17 });
  for (const { client, after } of joined) {
    await receivedAll(client);
    expect(numbers(client)).toEqual(range(after + 1, 5_001));
  }
  expect(late.events.get(sessionId)?.at(-1)).toMatchObject({
    type: 'item.delta',
    createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
});

test('nothing is lost or doubled when the LISTEN connection is killed again and again', async () => {
  const client = connect();
  await client.join({ project: project.slug, sessionId, after: 0 });
  await eventually('listening', () => server.relay.state() === 'listening');
  for (let round = 0; round < 3; round += 1) {
    const { rowCount } = await db.database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'tars-relay' and datname = current_database()`,
    );
    expect(rowCount).toBe(1);
    await write(sessionId, 200, 10);
    await receivedAll(client);
    await eventually('listening again', () => server.relay.state() === 'listening');
    await write(sessionId, 50, 10);
    await receivedAll(client);
  }
  expect(numbers(client)).toEqual(range(1, await latestOf(sessionId)));
});

test('a client that was away for thousands of events ends with what one has that stayed', async () => {
  const stayed = connect();
  const left = connect();
  for (const client of [stayed, left]) await client.join({ project: project.slug, sessionId, after: 0 });
  await write(sessionId, 300);
  await receivedAll(left);
  left.close();
  await write(sessionId, 3_000);
  const back = connect();
  const cursor = numbers(left).at(-1) ?? 0;
  await back.join({ project: project.slug, sessionId, after: cursor });
  await write(sessionId, 100);
  for (const client of [stayed, back]) await receivedAll(client);
  const pieced = [...(left.events.get(sessionId) ?? []), ...(back.events.get(sessionId) ?? [])];
  expect(pieced).toEqual(stayed.events.get(sessionId));
});

test('joining again moves the cursor, leaving ends the flow', async () => {
  const client = connect();
  await write(sessionId, 10);
  await client.join({ project: project.slug, sessionId, after: 0 });
  await receivedAll(client);
  client.events.clear();
  await client.join({ project: project.slug, sessionId, after: 5 });
  await receivedAll(client);
  expect(numbers(client)).toEqual(range(6, 11));
  expect(await client.socket.timeout(5_000).emitWithAck('session:leave', { sessionId })).toEqual({
    ok: true,
  });
  await eventually('no follower', () => server.relay.stats().followers === 0);
  await write(sessionId, 5);
  const other = connect();
  await other.join({ project: project.slug, sessionId, after: 0 });
  await receivedAll(other);
  expect(numbers(client)).toEqual(range(6, 11));
});

test('a disconnected client leaves nothing behind', async () => {
  const client = connect();
  await client.join({ project: project.slug, sessionId, after: 0 });
  await client.joinProject(project.slug);
  expect(server.relay.stats()).toMatchObject({ sessions: 1, followers: 1, projects: 1 });
  client.close();
  await eventually('nothing left', () => Object.values(server.relay.stats()).every((count) => count === 0));
});

test('changes of the list reach those who watch the project, collected', async () => {
  const client = connect();
  expect(await client.joinProject(project.slug)).toEqual({ ok: true });
  await eventually('listening', () => server.relay.state() === 'listening');
  const patch = { type: 'session.patch' as const, payload: { status: 'running' as const } };
  for (let n = 0; n < 40; n += 1) await appendEvents(db.database.pool, { sessionId, events: [patch] });
  await eventually('a change', () => client.changes.some((ids) => ids.includes(sessionId)));
  expect(client.changes.length).toBeLessThan(20);
});

test('events of a session that nobody follows are not read', async () => {
  const client = connect();
  const other = await insertSession(db.database, { projectId: project.id });
  await client.join({ project: project.slug, sessionId, after: 0 });
  await write(other, 100);
  await write(sessionId, 1);
  await receivedAll(client);
  expect(server.relay.stats().sessions).toBe(1);
  expect(client.events.has(other)).toBe(false);
});

test('other upgrades and requests of the server are left alone', async () => {
  const upgraded = new Promise<string>((resolve) =>
    server.httpServer.once('upgrade', (req, socket) => {
      resolve(req.url ?? '');
      socket.destroy();
    }),
  );
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/_next/hmr`);
  socket.addEventListener('error', () => undefined);
  expect(await upgraded).toBe('/_next/hmr');
  expect((await fetch(`${server.url}/api/health`)).status).toBe(404);
});

test.each([
  ['signed out', null],
  ['removed from the project', user()],
  ['left with a key that only delivers alerts', 'alerts-key'],
] as const)('who is %s while watching is cut off, and cannot come back', async (_what, now) => {
  server.principals.set('leaver', user([project.id, 'viewer']));
  const leaver = connect({ cookie: 'leaver' });
  const stays = connect();
  expect(await leaver.join({ project: project.slug, sessionId, after: 0 })).toMatchObject({ ok: true });
  expect(await stays.join({ project: project.slug, sessionId, after: 0 })).toMatchObject({ ok: true });
  if (now === null) server.principals.delete('leaver');
  else if (now === 'alerts-key') {
    server.principals.set('leaver', {
      kind: 'key',
      keyId: 'k',
      name: 'k',
      projectId: project.id,
      scope: 'alerts',
    });
  } else server.principals.set('leaver', now);
  await eventually('the connection ends', () => !leaver.socket.connected);
  await write(sessionId, 10);
  await receivedAll(stays);
  expect(numbers(leaver).length).toBeLessThanOrEqual(1);
  const again = connect({ cookie: 'leaver' });
  if (now === null) {
    const error = await new Promise<Error>((resolve) => again.socket.once('connect_error', resolve));
    expect(error.message).toBe('unauthorized');
  } else {
    expect(await again.join({ project: project.slug, sessionId, after: 0 })).toMatchObject({ ok: false });
  }
});

test('a client that does not read fills no memory, holds up nobody, and gets everything once it reads', async () => {
  const slow = connect();
  expect(await slow.join({ project: project.slug, sessionId, after: 0 })).toMatchObject({ ok: true });
  const quick = connect();
  await quick.join({ project: project.slug, sessionId, after: 0 });
  slow.pause();
  await db.database.pool.query(
    `with log as (
       insert into session_event (session_id, seq, type, payload)
       select $1, n, 'item.delta', jsonb_build_object('itemId', 'i', 'offset', 0, 'text', repeat('x', 5000))
       from generate_series(2, 8001) n
     ) update session set last_seq = 8001 where id = $1`,
    [sessionId],
  );
  await write(sessionId, 1);
  await receivedAll(quick);
  // 40 MB were written: a server that took them all in for the slow client would count it as up to date.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(server.relay.stats()).toMatchObject({ followers: 2, behind: 1 });
  slow.resume();
  await receivedAll(slow);
  expect(numbers(slow)).toEqual(range(1, 8_002));
  expect(server.relay.stats().behind).toBe(0);
});

test('the gateway counts who is there', async () => {
  const client = connect();
  await client.join({ project: project.slug, sessionId, after: 0 });
  const text = await kernel.metrics.registry.metrics();
  expect(text).toMatch(/^tars_socket_connections [1-9]/m);
  expect(text).toMatch(/^tars_relay_followers 1$/m);
  expect(text).toMatch(/^tars_relay_listening 1$/m);
});

test('closing ends the connections but not the HTTP server, and takes no new ones', async () => {
  const own = await startRealtimeServer(fixtureKernel(db.database));
  own.principals.set('viewer', user([project.id, 'viewer']));
  const client = connectClient(own.url, { cookie: 'viewer' });
  clients.push(client);
  await client.join({ project: project.slug, sessionId, after: 0 });
  const reason = new Promise<string>((resolve) => client.socket.once('disconnect', resolve));
  await own.gateway.close();
  // Not "io server disconnect", after which a client stays away.
  expect(await reason).toBe('transport close');
  expect((await fetch(own.url)).status).toBe(404);
  const late = connectClient(own.url, { cookie: 'viewer' });
  clients.push(late);
  await new Promise((resolve) => late.socket.once('connect_error', resolve));
  expect(own.relay.stats().followers).toBe(0);
  await own.close();
  expect(own.relay.state()).toBe('stopped');
});

test('a client that does not read cannot delay closing', async () => {
  const own = await startRealtimeServer(fixtureKernel(db.database));
  own.principals.set('viewer', user([project.id, 'viewer']));
  const client = connectClient(own.url, { cookie: 'viewer' });
  clients.push(client);
  await client.join({ project: project.slug, sessionId, after: 0 });
  client.pause();
  await db.database.pool.query(
    `with log as (
       insert into session_event (session_id, seq, type, payload)
       select $1, n, 'item.delta', jsonb_build_object('text', repeat('x', 5000)) from generate_series(2, 4001) n
     ) update session set last_seq = 4001 where id = $1`,
    [sessionId],
  );
  await write(sessionId, 1);
  await eventually('the line is full', () => own.relay.stats().behind === 1);
  await own.close();
  expect(own.relay.stats().followers).toBe(0);
}, 10_000);

test('who writes a question is told to the others in the session, in every web process, and not stored', async () => {
  const elsewhere = await startRealtimeServer(fixtureKernel(db.database));
  try {
    const other = await insertSession(db.database, { projectId: project.id });
    server.principals.set('ann', { ...user([project.id, 'operator']), name: 'Ann' });
    elsewhere.principals.set('bob', { ...user([project.id, 'viewer']), name: 'Bob' });
    const ann = connect({ cookie: 'ann' });
    const near = connect();
    const apart = connect();
    const far = connectClient(elsewhere.url, { cookie: 'bob' });
    clients.push(far);
    const place = { project: project.slug, sessionId, after: await latestOf(sessionId) };
    for (const client of [ann, near, far]) await client.join(place);
    await apart.join({ ...place, sessionId: other, after: 0 });
    await eventually('both relays listen', () =>
      [server, elsewhere].every(({ relay }) => relay.state() === 'listening'),
    );
    expect(await ann.tellTyping(sessionId)).toEqual({ ok: true });
    // More often than it is of use: taken, and told nobody.
    expect(await ann.tellTyping(sessionId)).toEqual({ ok: true });
    await eventually('both heard of it', () => near.typing.length > 0 && far.typing.length > 0);
    expect([near.typing, far.typing]).toEqual([['Ann'], ['Ann']]);
    expect([ann.typing, apart.typing]).toEqual([[], []]);
  } finally {
    await elsewhere.close();
  }
});

test('only who may ask can be told as writing, and only where it has joined', async () => {
  const viewer = connect();
  await viewer.join({ project: project.slug, sessionId, after: 0 });
  expect(await viewer.tellTyping(sessionId)).toMatchObject({ ok: false, code: 'forbidden' });
  server.principals.set('ann', user([project.id, 'operator']));
  expect(await connect({ cookie: 'ann' }).tellTyping(sessionId)).toMatchObject({
    ok: false,
    code: 'conflict',
  });
});
