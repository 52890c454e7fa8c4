import { afterEach, beforeAll, expect, test } from 'vitest';
import { appendEvents } from '#src/features/sessions/server/index.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { fixtureKernel, insertProject, insertSession } from '#test/session-fixtures.ts';
import { eventually } from '#test/socket-client.ts';
import { createRelay, type Relay } from './relay.ts';

const db = useTestDatabase();
let projectId = '';
const relays: Relay[] = [];

beforeAll(async () => {
  projectId = (await insertProject(db.database, 'relay')).id;
});
afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.close();
});

function openRelay(url = db.url): Relay {
  const relay = createRelay({ database: { ...db.database, url }, log: fixtureKernel(db.database).log });
  relays.push(relay);
  return relay;
}

const follower = () => {
  const seen: number[] = [];
  return {
    seen,
    send: (events: readonly { seq: number }[]) => void seen.push(...events.map((event) => event.seq)),
    ready: () => true,
    whenReady: async () => true,
  };
};
const write = (sessionId: string, count: number) =>
  appendEvents(db.database.pool, {
    sessionId,
    events: Array.from({ length: count }, () => ({ type: 'compacted' as const, payload: {} })),
  });

test('without LISTEN everything still arrives, by polling', async () => {
  const relay = openRelay('postgresql://nobody@127.0.0.1:1/nothing');
  const sessionId = await insertSession(db.database, { projectId });
  const one = follower();
  const ticks: string[][] = [];
  relay.subscribe({ sessionId, after: 0, follower: one });
  relay.watchProject(projectId, (ids) => ticks.push(ids));
  await eventually('the first event', () => one.seen.length === 1);
  expect(relay.state()).toBe('polling');
  await write(sessionId, 700);
  await eventually('the rest', () => one.seen.length === 701);
  expect(one.seen).toEqual(Array.from({ length: 701 }, (_, index) => index + 1));
  await eventually('a tick that says that anything may have changed', () => ticks.length > 0);
  expect(ticks[0]).toEqual([]);
  const before = ticks.length;
  const other = await insertSession(db.database, { projectId });
  await eventually('a tick for a new session', () => ticks.length > before);
  expect(other).not.toBe(sessionId);
});

test('several web processes hear of the same events', async () => {
  const relays = [openRelay(), openRelay()];
  for (const relay of relays) await eventually('listening', () => relay.state() === 'listening');
  const sessionId = await insertSession(db.database, { projectId });
  const followers = relays.map((relay) => {
    const one = follower();
    relay.subscribe({ sessionId, after: 0, follower: one });
    return one;
  });
  await write(sessionId, 20);
  for (const one of followers) await eventually('all', () => one.seen.length === 21);
});

test('a follower that leaves hears nothing more; the last one closes the feed', async () => {
  const relay = openRelay();
  await eventually('listening', () => relay.state() === 'listening');
  const sessionId = await insertSession(db.database, { projectId });
  const [one, two] = [follower(), follower()];
  const first = relay.subscribe({ sessionId, after: 0, follower: one });
  const second = relay.subscribe({ sessionId, after: 1, follower: two });
  await eventually('caught up', () => one.seen.length === 1 && relay.stats().behind === 0);
  first.close();
  await write(sessionId, 3);
  await eventually('the other one', () => two.seen.length === 3);
  expect(one.seen).toEqual([1]);
  second.close();
  expect(relay.stats()).toEqual({ sessions: 0, followers: 0, behind: 0, projects: 0 });
});

test('nonsense on the channel is ignored, and closing leaves no connection', async () => {
  const relay = openRelay();
  await eventually('listening', () => relay.state() === 'listening');
  const sessionId = await insertSession(db.database, { projectId });
  const one = follower();
  relay.subscribe({ sessionId, after: 0, follower: one });
  for (const payload of ['', 'x', '{}', '{"s":1}', JSON.stringify({ s: 'x', q: 1, p: 'y' })]) {
    await db.database.pool.query('select pg_notify($1, $2)', ['tars_events', payload]);
  }
  await write(sessionId, 1);
  await eventually('the real ones', () => one.seen.length === 2);
  await relay.close();
  await relay.close();
  expect(relay.state()).toBe('stopped');
  await eventually('no LISTEN connection', async () => {
    const { rows } = await db.database.pool.query(
      `select count(*) as n from pg_stat_activity where application_name = 'tars-relay' and datname = current_database()`,
    );
    return rows[0].n === 0;
  });
});
