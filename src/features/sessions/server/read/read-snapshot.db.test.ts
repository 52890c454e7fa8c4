import { beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '#test/postgres.ts';
import {
  finishInvestigation,
  fixtureKernel,
  insertProject,
  insertSession,
  playTurn,
  prose,
  seededRandom,
  startInvestigation,
} from '#test/session-fixtures.ts';
import { type SessionEvent, type SessionSnapshot, sessionSnapshotSchema } from '../../schema.ts';
import { applyEvents, type SessionState, stateFromSnapshot } from '../../session-state.ts';
import { parkSession } from '../park-session.ts';
import { wakeRun } from '../wake-run.ts';
import { readEvents } from './read-events.ts';
import { readSnapshot } from './read-snapshot.ts';
import { readTimeline } from './read-timeline.ts';

const db = useTestDatabase();
let projectId = '';

beforeAll(async () => {
  projectId = (await insertProject(db.database, 'snapshots')).id;
});

const comparable = (state: SessionState) => ({
  cursor: state.cursor,
  session: state.session,
  items: state.items,
});

async function readTail(sessionId: string, after: number): Promise<SessionEvent[]> {
  const kernel = fixtureKernel(db.database);
  const tail: SessionEvent[] = [];
  for (let from = after; ; from = tail.at(-1)?.seq ?? from) {
    const { events, latest } = await readEvents(kernel, { projectId, sessionId, after: from, limit: 7 });
    tail.push(...events);
    if (events.length === 0 || events.at(-1)?.seq === latest) return tail;
  }
}

/** Plays a whole run and keeps the snapshot that a reader gets after each of its commits. */
async function playHistory(seed: number, turns: number) {
  const kernel = fixtureKernel(db.database);
  const random = seededRandom(seed);
  const sessionId = await insertSession(db.database, { projectId });
  const snapshots: SessionSnapshot[] = [await readSnapshot(kernel, { projectId, sessionId })];
  const take = async () => {
    snapshots.push(await readSnapshot(kernel, { projectId, sessionId }));
  };
  const run = await startInvestigation(db.database);
  await take();
  for (let iteration = 0; iteration < turns; iteration += 1) {
    await playTurn(run, { random, iteration, afterCommit: take });
  }
  // Streams that the end cuts off: their text must survive as what had been streamed.
  const cut = await run.recorder.commit((batch) =>
    batch.startItem({
      stageId: run.stage.id,
      executionId: run.execution.id,
      type: 'response',
      content: 'So far: ',
    }),
  );
  run.recorder.delta(cut, prose(random, 9_000));
  await run.recorder.flush();
  await take();
  await finishInvestigation(run, prose(random, 9_500));
  await take();
  return { sessionId, snapshots };
}

test.each([1, 2, 3])('snapshot and tail give the same state at every cut of history %i', async (seed) => {
  const { sessionId, snapshots } = await playHistory(seed, 4);
  const final = snapshots.at(-1);
  const first = snapshots[0];
  if (!final || !first) throw new Error('no snapshot');
  expect(final.session.status).toBe('completed');
  expect(final.items.find((item) => item.type === 'response')?.content.length).toBeGreaterThan(9_000);
  for (const snapshot of snapshots) {
    expect(sessionSnapshotSchema.safeParse(snapshot).error).toBeUndefined();
    const tail = await readTail(sessionId, snapshot.cursor);
    const state = applyEvents(stateFromSnapshot(snapshot), tail);
    expect(comparable(state), `cut at ${snapshot.cursor}`).toEqual({ ...final, items: final.items });
    // The same in small steps with repeats, as a socket may deliver them.
    let stepwise = stateFromSnapshot(snapshot);
    for (let at = 0; at < tail.length; at += 3)
      stepwise = applyEvents(stepwise, tail.slice(Math.max(0, at - 2), at + 3));
    expect(comparable(stepwise)).toEqual(comparable(state));
  }
  expect(snapshots.length).toBeGreaterThan(20);
});

test('a live fold passes through exactly the states that snapshots show', async () => {
  const kernel = fixtureKernel(db.database);
  const sessionId = await insertSession(db.database, { projectId });
  let live = stateFromSnapshot(await readSnapshot(kernel, { projectId, sessionId }));
  const compare = async () => {
    live = applyEvents(live, (await readEvents(kernel, { projectId, sessionId, after: live.cursor })).events);
    const snapshot = await readSnapshot(kernel, { projectId, sessionId });
    expect({ cursor: live.cursor, items: live.items }).toEqual({
      cursor: snapshot.cursor,
      items: snapshot.items,
    });
    expect({ ...live.session, queuePosition: null }).toEqual({ ...snapshot.session, queuePosition: null });
  };
  const run = await startInvestigation(db.database);
  await compare();
  await playTurn(run, { random: seededRandom(9), iteration: 0, afterCommit: compare });
  await finishInvestigation(run, 'The key is missing.');
  await compare();
});

test('a snapshot taken while somebody writes is of one moment', async () => {
  const kernel = fixtureKernel(db.database);
  const sessionId = await insertSession(db.database, { projectId });
  const run = await startInvestigation(db.database);
  const writing = (async () => {
    const random = seededRandom(5);
    for (let iteration = 0; iteration < 6; iteration += 1) await playTurn(run, { random, iteration });
    await finishInvestigation(run, 'done');
    return true;
  })();
  let finished = false;
  void writing.then(() => {
    finished = true;
  });
  const snapshots: SessionSnapshot[] = [];
  while (!finished) snapshots.push(await readSnapshot(kernel, { projectId, sessionId }));
  await writing;
  const final = await readSnapshot(kernel, { projectId, sessionId });
  for (const snapshot of snapshots.filter((_, index) => index % 5 === 0)) {
    const state = applyEvents(stateFromSnapshot(snapshot), await readTail(sessionId, snapshot.cursor));
    expect(comparable(state)).toEqual(final);
  }
  expect(new Set(snapshots.map((snapshot) => snapshot.cursor)).size).toBeGreaterThan(3);
});

test('a session of 5,000 items is read whole, and page by page', async () => {
  const kernel = fixtureKernel(db.database);
  const sessionId = await insertSession(db.database, { projectId });
  await db.database.pool.query(
    `with items as (
       insert into timeline_item (id, session_id, seq, type, status, content, started_at, completed_at)
       select gen_random_uuid(), $1, n + 1, 'response', 'completed', repeat('text ', 100), now(), now()
       from generate_series(1, 5000) n
     ), log as (
       insert into session_event (session_id, seq, type, payload)
       select $1, n + 1, 'compacted', '{}' from generate_series(1, 5000) n
     ) update session set last_seq = 5001 where id = $1`,
    [sessionId],
  );
  const snapshot = await readSnapshot(kernel, { projectId, sessionId });
  expect(snapshot.items).toHaveLength(5_000);
  expect(snapshot.cursor).toBe(5_001);
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await readTimeline(kernel, { projectId, sessionId, limit: 500, cursor });
    ids.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(ids).toEqual(snapshot.items.map((item) => item.id));
});

test('events are bounded, ascending, and say how many there are', async () => {
  const kernel = fixtureKernel(db.database);
  const sessionId = await insertSession(db.database, { projectId });
  const { events, latest } = await readEvents(kernel, { projectId, sessionId, after: 0, limit: 5_000 });
  expect(events.map((event) => event.seq)).toEqual([1]);
  expect(latest).toBe(1);
  expect(await readEvents(kernel, { projectId, sessionId, after: 99 })).toEqual({
    events: [],
    latest: 1,
    removedUpTo: 0,
  });
});

test('a session of another project is not found', async () => {
  const kernel = fixtureKernel(db.database);
  const other = await insertProject(db.database, 'others');
  const sessionId = await insertSession(db.database, { projectId });
  for (const read of [
    () => readSnapshot(kernel, { projectId: other.id, sessionId }),
    () => readEvents(kernel, { projectId: other.id, sessionId, after: 0 }),
    () => readTimeline(kernel, { projectId: other.id, sessionId, limit: 1 }),
  ]) {
    await expect(read()).rejects.toMatchObject({ code: 'not_found' });
  }
});

test('time in which it waited for people is told, while it waits and after', async () => {
  const kernel = fixtureKernel(db.database);
  await insertSession(db.database, { projectId });
  const { sessionId, epoch } = await startInvestigation(db.database);
  const before = await readSnapshot(kernel, { projectId, sessionId });
  expect(before.session).toMatchObject({ waitedMs: 0, waitingSince: null });
  const claim = { sessionId, epoch, attempts: 1, resumed: false };
  await db.database.transaction((sql) => parkSession(sql, { claim, undecided: async () => true }));
  const waiting = await readSnapshot(kernel, { projectId, sessionId });
  expect(waiting.session).toMatchObject({ status: 'waiting', waitingSince: expect.any(String) });
  await db.database.pool.query(
    `update session set waiting_since = waiting_since - interval '1 minute' where id = $1`,
    [sessionId],
  );
  await db.database.transaction((sql) => wakeRun(sql, { sessionId }));
  const woken = await readSnapshot(kernel, { projectId, sessionId });
  expect(woken.session).toMatchObject({ status: 'pending', waitingSince: null });
  expect(woken.session.waitedMs).toBeGreaterThanOrEqual(60_000);
  // Whoever followed the events knows the same.
  const folded = applyEvents(stateFromSnapshot(before), await readTail(sessionId, before.cursor));
  const { waitedMs, waitingSince, status } = woken.session;
  expect(folded.session).toMatchObject({ waitedMs, waitingSince, status });
});
