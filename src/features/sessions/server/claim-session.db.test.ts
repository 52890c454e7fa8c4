import { beforeEach, expect, test } from 'vitest';
import { fromPostAlert, receiveAlert } from '#src/features/alerts/server/index.ts';
import type { Database } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { findViolations } from '#test/crash/check-invariants.ts';
import { createTestKernel, createTestProject } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { postAlert, rowsOf } from '#test/runs.ts';
import { LeaseLostError } from './append-events.ts';
import {
  beatLease,
  type Claim,
  claimNextSession,
  findAbandonedSessions,
  findPendingSession,
  releaseLease,
  takeOverSession,
} from './claim-session.ts';
import { finishSession } from './finish-session.ts';
import { createRecorder } from './recorder.ts';

const db = useTestDatabase();
let kernel: Kernel;
let projectId: string;

beforeEach(async () => {
  await db.database.pool.query('truncate project cascade');
  kernel = await createTestKernel(db.database);
  ({ id: projectId } = await createTestProject(db.database));
});

const post = () => postAlert(kernel, projectId);
const claimNext = (workerId = 'a', maxRunning = 5) => claimNextSession(db.database, { workerId, maxRunning });
const claimed = async (claim: Promise<Claim | null>): Promise<Claim> => {
  const result = await claim;
  if (!result) throw new Error('nothing was claimed');
  return result;
};
const goStale = (sessionId: string) =>
  db.database.pool.query(
    `update session set lease_heartbeat_at = now() - interval '16 seconds' where id = $1`,
    [sessionId],
  );
const recorderOf = (claim: Claim, database: Database = db.database) =>
  createRecorder({ database, sessionId: claim.sessionId, epoch: claim.epoch });
const item = { stageId: null, executionId: null, type: 'response' as const };

test('thirty claims at once start exactly as many sessions as may run, the oldest first', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 6; n += 1) ids.push(await post());
  const claims = await Promise.all(Array.from({ length: 30 }, () => claimNext('a', 3)));
  const taken = claims.flatMap((claim) => (claim ? [claim.sessionId] : []));
  expect(taken.sort()).toEqual(ids.slice(0, 3).sort());
  expect(await findPendingSession(db.database.pool, 3)).toBeNull();
  expect(await findPendingSession(db.database.pool, 4)).toBe(ids[3]);
});

test('a reserved session is its runner’s alone, in another account than the queue’s', async () => {
  const { sessionId: reserved } = await receiveAlert(kernel, {
    projectId,
    actor: 'test',
    alert: fromPostAlert({ data: 'The checkout is down.' }),
    reservedFor: 'evaluation',
  });
  expect(await findPendingSession(db.database.pool, 5)).toBeNull();
  expect(await claimNext()).toBeNull();
  const claimFor = (reservedFor: string) =>
    claimNextSession(db.database, { workerId: 'e', maxRunning: 1, reservedFor });
  expect(await claimFor('somebody else')).toBeNull();
  expect(await claimFor('evaluation')).toMatchObject({ sessionId: reserved });
  // Neither takes the other's room, and a worker takes over nothing that is reserved.
  const ours = await post();
  expect(await claimNext('a', 1)).toMatchObject({ sessionId: ours });
  await goStale(reserved ?? '');
  expect(await findAbandonedSessions(db.database.pool)).toEqual([]);
  expect(await takeOverSession(db.database, { workerId: 'b', sessionId: reserved ?? '' })).toBeNull();
});

test('a cancelling session still counts as running; an ended one makes room', async () => {
  await post();
  const second = await post();
  const first = await claimed(claimNext('a', 1));
  await db.database.pool.query(`update session set status = 'cancelling' where id = $1`, [first.sessionId]);
  expect(await claimNext('b', 1)).toBeNull();
  await db.database.transaction((sql) =>
    finishSession(sql, { sessionId: first.sessionId, epoch: first.epoch, end: { status: 'cancelled' } }),
  );
  expect((await claimed(claimNext('b', 1))).sessionId).toBe(second);
});

test('a session in good hands is not taken over; one without a beat is, by one worker only', async () => {
  const sessionId = await post();
  await claimed(claimNext());
  expect(await findAbandonedSessions(db.database.pool)).toEqual([]);
  expect(await takeOverSession(db.database, { workerId: 'b', sessionId })).toBeNull();
  await goStale(sessionId);
  expect(await findAbandonedSessions(db.database.pool)).toEqual([sessionId]);
  const takers = await Promise.all(
    ['b', 'c', 'd', 'e'].map((workerId) => takeOverSession(db.database, { workerId, sessionId })),
  );
  expect(takers.filter(Boolean)).toEqual([{ sessionId, epoch: 2, attempts: 2, resumed: true }]);
});

test('what the dead worker had streamed stays, closed as interrupted', async () => {
  const sessionId = await post();
  const recorder = recorderOf(await claimed(claimNext()));
  const itemId = await recorder.commit((batch) => batch.startItem(item));
  recorder.delta(itemId, 'The database ');
  await recorder.flush();
  recorder.delta(itemId, 'is full');
  await recorder.flush();
  await goStale(sessionId);
  await claimed(takeOverSession(db.database, { workerId: 'b', sessionId }));
  const [row] = await rowsOf(db.database, 'select status, content, data from timeline_item where id = $1', [
    itemId,
  ]);
  expect(row).toEqual({
    status: 'failed',
    content: 'The database is full',
    data: { interrupted: expect.any(String) },
  });
  expect(await findViolations(kernel, { projectId, sessionId })).toEqual([]);
});

test('who has lost the lease writes nothing: no commit, no text, no beat, no release, no end', async () => {
  const sessionId = await post();
  const old = await claimed(claimNext());
  const recorder = recorderOf(old);
  const itemId = await recorder.commit((batch) => batch.startItem(item));
  await goStale(sessionId);
  const current = await claimed(takeOverSession(db.database, { workerId: 'b', sessionId }));
  const before = await rowsOf(db.database, 'select * from session');

  const late = recorderOf(old);
  await expect(
    late.commit(async (batch) => {
      await batch.sql.query(`update session set title = 'written late' where id = $1`, [sessionId]);
    }),
  ).rejects.toThrow(LeaseLostError);
  await expect(recorderOf(old).commit((batch) => batch.startItem(item))).rejects.toThrow(LeaseLostError);
  recorder.delta(itemId, 'late text');
  await expect(recorder.flush()).rejects.toThrow(LeaseLostError);
  expect(await beatLease(db.database.pool, old)).toBe('lost');
  await releaseLease(db.database.pool, old);
  expect(
    await db.database.transaction((sql) =>
      finishSession(sql, { sessionId, epoch: old.epoch, end: { status: 'completed' } }),
    ),
  ).toBe(false);

  expect(await rowsOf(db.database, 'select * from session')).toEqual(before);
  expect(await beatLease(db.database.pool, current)).toBe('held');
});

test('a run that is handed back can be taken over at once, and it counts as no failed attempt', async () => {
  const sessionId = await post();
  const claim = await claimed(claimNext());
  await releaseLease(db.database.pool, claim);
  expect(await findAbandonedSessions(db.database.pool)).toEqual([sessionId]);
  expect(await takeOverSession(db.database, { workerId: 'b', sessionId })).toMatchObject({
    attempts: 1,
    epoch: 2,
  });
});

test('commits at the same time keep one dense order, and the log folds into the rows', async () => {
  const sessionId = await post();
  const claim = await claimed(claimNext());
  const recorder = recorderOf(claim);
  const ids = await Promise.all(
    Array.from({ length: 12 }, () => recorder.commit((batch) => batch.startItem(item))),
  );
  for (const [index, id] of ids.entries()) {
    for (let part = 0; part < 5; part += 1) {
      recorder.delta(id, `${index}.${part} 🦊 `);
      if ((index + part) % 3 === 0) await recorder.flush();
    }
  }
  const long = 'x'.repeat(9_001);
  await Promise.all(
    ids.map((id, index) =>
      recorder.commit((batch) =>
        batch.completeItem(id, { status: 'completed', ...(index % 4 === 0 ? { content: long } : {}) }),
      ),
    ),
  );
  const ended = await db.database.transaction((sql) =>
    finishSession(sql, { sessionId, epoch: claim.epoch, end: { status: 'completed' } }),
  );
  expect(ended).toBe(true);
  expect(await findViolations(kernel, { projectId, sessionId })).toEqual([]);
  const contents = await rowsOf<{ content: string }>(
    db.database,
    'select content from timeline_item order by seq',
  );
  expect(contents[0]?.content).toBe(long);
  expect(contents[1]?.content).toBe('1.0 🦊 1.1 🦊 1.2 🦊 1.3 🦊 1.4 🦊 ');
});

test('a session ends once', async () => {
  const sessionId = await post();
  const { epoch } = await claimed(claimNext());
  const finish = (status: 'completed' | 'failed' | 'timed_out') =>
    db.database.transaction((sql) => finishSession(sql, { sessionId, epoch, end: { status } }));
  const ends = await Promise.all([finish('completed'), finish('failed'), finish('timed_out')]);
  expect(ends.filter(Boolean)).toHaveLength(1);
  expect(await findViolations(kernel, { projectId, sessionId })).toEqual([]);
});
