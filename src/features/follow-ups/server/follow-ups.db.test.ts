import { beforeEach, expect, test } from 'vitest';
import type { RunStatus } from '#src/features/sessions/schema.ts';
import {
  type Batch,
  cancelRunning,
  LeaseLostError,
  loadRunRows,
  newExecution,
  saveExecution,
} from '#src/features/sessions/server/index.ts';
import { newId } from '#src/server/ids.ts';
import { findViolations } from '#test/crash/check-invariants.ts';
import { createTestKernel, createTestProject } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { rowsOf, waitFor } from '#test/runs.ts';
import { finishInvestigation, insertSession, startInvestigation } from '#test/session-fixtures.ts';
import { beatFollowUp, releaseFollowUp } from './claim-follow-up.ts';
import {
  cancelFollowUp,
  claimFollowUp,
  createFollowUp,
  type FollowUpHandler,
  findAbandonedFollowUps,
  findPendingFollowUp,
  resumeFollowUp,
  runFollowUp,
  takeOverFollowUp,
} from './index.ts';

const db = useTestDatabase();
let kernel: Awaited<ReturnType<typeof createTestKernel>>;
let projectId: string;
let sessionId: string;

beforeEach(async () => {
  await db.database.pool.query('truncate project cascade');
  kernel = await createTestKernel(db.database);
  ({ id: projectId } = await createTestProject(db.database));
  sessionId = await endedSession();
});

async function endedSession(): Promise<string> {
  const id = await insertSession(db.database, { projectId });
  await finishInvestigation(await startInvestigation(db.database), 'The disk is full.');
  return id;
}

const create = async (kind: 'chat' | 'score' = 'chat', of = sessionId) => {
  const type = kind === 'chat' ? ('chat' as const) : ('scoring' as const);
  const { followUpId } = await db.database.transaction((sql) =>
    createFollowUp(sql, { sessionId: of, kind, author: 'ann', stage: { name: kind, type } }),
  );
  return followUpId;
};
const claim = async (followUpId: string, workerId = 'a') => {
  const result = await claimFollowUp(db.database, { workerId, followUpId });
  if (!result) throw new Error('nothing was claimed');
  return result;
};
const statusOf = async (followUpId: string) =>
  (
    await rowsOf<{ status: RunStatus; stage: RunStatus; error: string | null; stage_error: string | null }>(
      db.database,
      `select f.status, stage.status as stage, f.error, stage.error as stage_error
       from follow_up f join stage on stage.follow_up_id = f.id where f.id = $1`,
      [followUpId],
    )
  )[0];
const cancel = (followUpId: string, of: { projectId?: string; sessionId?: string } = {}) =>
  cancelFollowUp(kernel, {
    projectId,
    sessionId,
    followUpId,
    kind: 'chat',
    actor: 'bob',
    what: 'Answer',
    ...of,
  });
const goStale = (followUpId: string) =>
  db.database.pool.query(
    `update follow_up set lease_heartbeat_at = now() - interval '16 seconds' where id = $1`,
    [followUpId],
  );
const violations = () => findViolations(kernel, { projectId, sessionId });
const never = new AbortController().signal;

/** Runs a claimed chat with the given handler, to its end. */
const run = async (followUpId: string, handler: FollowUpHandler, shutdown = never) =>
  runFollowUp(kernel, { claim: await claim(followUpId), handlers: { chat: handler }, shutdown });

/** Streams some text and then waits until it is stopped. */
const hang =
  (onStarted: () => void): FollowUpHandler =>
  async (_kernel, { followUp, recorder, signal }) => {
    const stage = await rowsOf<{ id: string }>(db.database, 'select id from stage where follow_up_id = $1', [
      followUp.id,
    ]);
    const item = await recorder.commit((batch) =>
      batch.startItem({ stageId: stage[0]?.id ?? null, executionId: null, type: 'response' }),
    );
    recorder.delta(item, 'The disk ');
    await recorder.flush();
    onStarted();
    signal.throwIfAborted();
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  };

/** A tool call that waits for a person, as the agent loop leaves it. */
async function askForApproval(batch: Batch, followUp: { id: string; sessionId: string }): Promise<void> {
  const [entry] = await loadRunRows(batch.sql, followUp.sessionId, followUp.id);
  if (!entry) throw new Error('the follow-up has no stage');
  const execution = newExecution({
    sessionId: followUp.sessionId,
    stageId: entry.stage.id,
    index: 0,
    agent: 'chat',
    provider: 'offline',
    model: 'analyst',
  });
  saveExecution(batch, execution);
  const call = newId();
  await batch.sql.query(
    `insert into tool_call (id, session_id, execution_id, iteration, index, call_id, wire_name, server, tool, arguments,
       read_only, status) values ($1, $2, $3, 1, 0, 'c1', 'box__delete', 'box', 'delete', '{}', false, 'waiting')`,
    [call, followUp.sessionId, execution.id],
  );
  await batch.sql.query(
    `insert into approval (id, project_id, session_id, execution_id, tool_call_id, item_id, server, tool, arguments, why, expires_at)
     values ($1, $2, $3, $4, $5, $1, 'box', 'delete', '{}', 'it deletes', now() + interval '1 day')`,
    [newId(), projectId, followUp.sessionId, execution.id, call],
  );
}

test('a follow-up has a stage at once, runs, and ends with it; the session stays ended', async () => {
  const id = await create();
  expect(await statusOf(id)).toMatchObject({ status: 'pending', stage: 'pending' });
  await run(id, async () => ({ status: 'completed', result: 'Yes.' }));
  expect(await statusOf(id)).toMatchObject({ status: 'completed', stage: 'completed' });
  const stages = await rowsOf(
    db.database,
    'select index, type, result from stage where session_id = $1 order by index',
    [sessionId],
  );
  expect(stages).toEqual([
    { index: 0, type: 'investigation', result: null },
    { index: 1, type: 'chat', result: 'Yes.' },
  ]);
  expect(await violations()).toEqual([]);
});

test('within a lane one runs at a time in order of arrival; lanes and sessions are independent', async () => {
  const [first, second] = [await create(), await create()];
  const score = await create('score');
  const other = await create('chat', await endedSession());
  expect(await claimFollowUp(db.database, { workerId: 'a', followUpId: second })).toBeNull();
  const claims = await Promise.all(
    ['a', 'b', 'c'].map((workerId) => claimFollowUp(db.database, { workerId, followUpId: first })),
  );
  expect(claims.filter(Boolean)).toHaveLength(1);
  expect(await findPendingFollowUp(db.database.pool, 'chat')).toBe(other);
  expect(await findPendingFollowUp(db.database.pool, 'chat', sessionId)).toBeNull();
  await claim(score);
  await claim(other);
  await cancel(first);
  const [held] = claims.filter((entry) => entry !== null);
  if (!held) throw new Error('nothing was claimed');
  await runFollowUp(kernel, { claim: held, handlers: {}, shutdown: never });
  expect(await findPendingFollowUp(db.database.pool, 'chat')).toBe(second);
});

test('an answer that waits for a person holds its lane but no worker, and goes on where the decision lets it', async () => {
  const [first, second] = [await create(), await create()];
  const calls: string[] = [];
  const handler: FollowUpHandler = async (_kernel, { followUp, recorder }) => {
    calls.push(followUp.id);
    if (calls.length > 1) return { status: 'completed' };
    await recorder.commit((batch) => askForApproval(batch, followUp));
    return { status: 'waiting' };
  };
  await run(first, handler);
  expect(await statusOf(first)).toMatchObject({ status: 'waiting', stage: 'waiting' });
  expect(await findPendingFollowUp(db.database.pool, 'chat')).toBeNull();
  await db.database.pool.query(`update approval set status = 'approved'`);
  expect(await db.database.transaction((sql) => resumeFollowUp(sql, first))).toBe(true);
  expect(await db.database.transaction((sql) => resumeFollowUp(sql, first))).toBe(false);
  expect(await findPendingFollowUp(db.database.pool, 'chat')).toBe(first);
  await run(first, handler);
  expect(await statusOf(first)).toMatchObject({ status: 'completed' });
  expect(await findPendingFollowUp(db.database.pool, 'chat')).toBe(second);
});

test('a decision that came before the wait began is not missed', async () => {
  const id = await create();
  await run(id, async () => ({ status: 'waiting' }));
  expect(await statusOf(id)).toMatchObject({ status: 'pending', stage: 'pending' });
});

test('cancelling: at once while nobody runs it, through its worker otherwise, and not after its end', async () => {
  const [first, second] = [await create(), await create()];
  expect(await cancel(second)).toEqual({ status: 'cancelled' });
  expect(await statusOf(second)).toMatchObject({ status: 'cancelled', error: 'cancelled by bob' });
  let started = false;
  const running = run(
    first,
    hang(() => (started = true)),
  );
  await waitFor(() => started || null, 'the handler did not start');
  expect(await cancel(first)).toEqual({ status: 'cancelling' });
  cancelRunning(first);
  await running;
  expect(await statusOf(first)).toMatchObject({ status: 'cancelled', stage_error: 'cancelled by bob' });
  await expect(cancel(first)).rejects.toMatchObject({ code: 'conflict' });
  const { id: foreign } = await createTestProject(db.database);
  await expect(cancel(first, { projectId: foreign })).rejects.toMatchObject({ code: 'not_found' });
  expect(await violations()).toEqual([]);
});

test('a follow-up that exceeds the time of a session times out, and the next one may start', async () => {
  const [first, second] = [await create(), await create()];
  await kernel.setConfig({ queue: { sessionTimeout: '2s' } });
  await run(
    first,
    hang(() => undefined),
  );
  expect(await statusOf(first)).toMatchObject({ status: 'timed_out', stage: 'timed_out' });
  expect(await findPendingFollowUp(db.database.pool, 'chat')).toBe(second);
  const [item] = await rowsOf(
    db.database,
    `select status, content from timeline_item where type = 'response'`,
  );
  expect(item).toEqual({ status: 'timed_out', content: 'The disk ' });
  expect(await violations()).toEqual([]);
});

test('one whose worker died is taken over by one worker only, and the dead one can write nothing more', async () => {
  const id = await create();
  const dead = await claim(id);
  expect(await takeOverFollowUp(db.database, { workerId: 'b', followUpId: id })).toBeNull();
  await goStale(id);
  expect(await findAbandonedFollowUps(db.database.pool, 'chat')).toEqual([id]);
  expect(await findAbandonedFollowUps(db.database.pool, 'review')).toEqual([]);
  const takers = await Promise.all(
    ['b', 'c', 'd'].map((workerId) => takeOverFollowUp(db.database, { workerId, followUpId: id })),
  );
  const [taker] = takers.filter((entry) => entry !== null);
  expect(takers.filter(Boolean)).toHaveLength(1);
  expect(taker).toMatchObject({ epoch: dead.epoch + 1, attempts: 2 });
  expect(await beatFollowUp(db.database.pool, dead)).toBe('lost');
  const outcomes: unknown[] = [];
  await runFollowUp(kernel, {
    claim: dead,
    shutdown: never,
    handlers: {
      chat: async (_kernel, { recorder }) => {
        await recorder.commit(() => undefined).catch((error: unknown) => outcomes.push(error));
        throw new LeaseLostError('lost');
      },
    },
  });
  expect(outcomes.every((error) => error instanceof LeaseLostError)).toBe(true);
  expect(await statusOf(id)).toMatchObject({ status: 'running' });
  if (taker) await releaseFollowUp(db.database.pool, taker);
  expect(await findAbandonedFollowUps(db.database.pool, 'chat')).toEqual([id]);
});

test('a handler that fails unexpectedly fails its follow-up, without the secret in its message', async () => {
  const id = await create();
  await run(id, async () => {
    throw new Error('no answer from postgres://root:hunter2hunter2@db');
  });
  const { status, error } = (await statusOf(id)) ?? {};
  expect(status).toBe('failed');
  expect(error).toContain('TARS failed in this work');
  expect(error).not.toContain('hunter2hunter2');
});

test('a shutdown hands it back, with no attempt counted', async () => {
  const id = await create();
  const shutdown = new AbortController();
  await run(
    id,
    hang(() => shutdown.abort()),
    shutdown.signal,
  );
  expect(await statusOf(id)).toMatchObject({ status: 'running' });
  const taken = await takeOverFollowUp(db.database, { workerId: 'b', followUpId: id });
  expect(taken).toMatchObject({ attempts: 1 });
});
