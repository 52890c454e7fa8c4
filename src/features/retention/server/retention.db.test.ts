import pg from 'pg';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fromPostAlert, receiveAlert } from '#src/features/alerts/server/index.ts';
import { appendEvents } from '#src/features/sessions/server/index.ts';
import { readEvents } from '#src/features/sessions/server/read/read-events.ts';
import { readImage } from '#src/features/sessions/server/read/read-image.ts';
import { readOutput } from '#src/features/sessions/server/read/read-output.ts';
import { readSnapshot } from '#src/features/sessions/server/read/read-snapshot.ts';
import { readTrace } from '#src/features/sessions/server/read/read-trace.ts';
import { lockKeys } from '#src/server/db/lock-keys.ts';
import { newId } from '#src/server/ids.ts';
import { findInDatabase } from '#test/dump-database.ts';
import { createTestKernel, createTestProject } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { rowsOf } from '#test/runs.ts';
import {
  finishInvestigation,
  insertSession,
  playTurn,
  seededRandom,
  startInvestigation,
} from '#test/session-fixtures.ts';
import { countDue } from './count-due.ts';
import { readRemovedTotals, readRetention } from './read-state.ts';
import { runSweep } from './run-sweep.ts';

const db = useTestDatabase();
let kernel: Awaited<ReturnType<typeof createTestKernel>>;
let projectId: string;

beforeAll(async () => {
  kernel = await createTestKernel(db.database);
});
beforeEach(async () => {
  await kernel.setConfig({});
  await db.database.pool.query('delete from alert');
  ({ id: projectId } = await createTestProject(db.database));
});

const sql = (text: string, values: unknown[] = []) => rowsOf(db.database, text, values);
const sweep = () => runSweep(kernel, { signal: new AbortController().signal });

/** A finished session with every kind of row below it, that ended and whose alert fired last so many days ago. */
async function finished(daysAgo: number): Promise<string> {
  const sessionId = await insertSession(db.database, { projectId });
  const run = await startInvestigation(db.database);
  expect(run.sessionId).toBe(sessionId);
  const random = seededRandom(daysAgo + 1);
  for (let iteration = 0; iteration < 3; iteration += 1) await playTurn(run, { random, iteration });
  await finishInvestigation(run, 'The key is missing [tool: call-0-0].');
  await age(sessionId, daysAgo);
  return sessionId;
}

async function age(sessionId: string, daysAgo: number): Promise<void> {
  const at = `now() - ${daysAgo} * interval '1 day'`;
  await sql(`update session set completed_at = ${at} where id = $1`, [sessionId]);
  await sql(`update session_event set created_at = ${at} where session_id = $1`, [sessionId]);
  await sql(
    `update alert set last_fired_at = ${at} where id = (select alert_id from session where id = $1)`,
    [sessionId],
  );
}

async function addImage(sessionId: string): Promise<string> {
  const id = newId();
  await sql(
    `insert into tool_image (id, session_id, execution_id, call_id, position, media_type, width, height, content, bytes, for_models)
     select $1, session_id, execution_id, call_id, 1, 'image/png', 1, 1, 'abc', 3, false from tool_call where session_id = $2 limit 1`,
    [id, sessionId],
  );
  return id;
}

const exists = async (sessionId: string) =>
  (await sql('select 1 from session where id = $1', [sessionId])).length === 1;
const addFollowUp = (sessionId: string, status: string, daysAgo: number | null) =>
  sql(
    `insert into follow_up (id, session_id, kind, status, author, completed_at)
     values ($1, $2, 'chat', $3::"RunStatus", 'ann', now() - $4 * interval '1 day')`,
    [newId(), sessionId, status, daysAgo],
  );

test('a session that is old enough goes with everything that knows it, and nothing else does', async () => {
  const old = await finished(366);
  const kept = await finished(364);
  const [{ id: callId, execution_id: executionId } = {}] = await sql(
    'select id, execution_id from tool_call where session_id = $1 limit 1',
    [old],
  );
  const memoryId = newId();
  const evaluationId = newId();
  await sql(
    `insert into memory (id, project_id, content, category, author, source_session_id) values ($1, $2, 'learned', 'semantic', 'x', $3)`,
    [memoryId, projectId, old],
  );
  await sql('insert into memory_injection (memory_id, session_id) values ($1, $2)', [memoryId, old]);
  await sql(
    'insert into memory_adjustment (memory_id, session_id, factor, deprecated) values ($1, $2, 1, false)',
    [memoryId, old],
  );
  await sql('insert into tool_output (id, session_id, content, bytes) values ($1, $2, $3, 3)', [
    newId(),
    old,
    'abc',
  ]);
  await sql(
    `insert into approval (id, project_id, session_id, execution_id, tool_call_id, item_id, server, tool, arguments, why, expires_at)
     values ($1, $2, $3, $4, $5, $1, 's', 't', '{}', 'w', now())`,
    [newId(), projectId, old, executionId, callId],
  );
  await addImage(old);
  await addFollowUp(old, 'completed', 366);
  await sql('insert into score (id, session_id, follow_up_id, triggered_by) values ($1, $2, $1, $3)', [
    newId(),
    old,
    'x',
  ]);
  await sql(`insert into review_activity (id, session_id, actor, action) values ($1, $2, 'ann', 'claim')`, [
    newId(),
    old,
  ]);
  await sql(
    `insert into notification (id, session_id, destination, kind, status) values ($1, $2, 'slack', 'ended', 'sent')
     on conflict (session_id, destination, kind, ref) do nothing`,
    [newId(), old],
  );
  await sql(`insert into tool_set (session_id, hash, tools) values ($1, 'h', '[]')`, [old]);
  await sql(
    `insert into usage_day (session_id, day, kind, provider, model, project_id, alert_type, chain) values ($1, now(), 'k', 'p', 'm', $2, 'a', 'c')`,
    [old, projectId],
  );
  await sql(
    `insert into idempotency_key (project_id, key, alert_id, session_id) select project_id, 'k', alert_id, id from session where id = $1`,
    [old],
  );
  await sql(`insert into evaluation (id, project_id, provider, model, runs) values ($1, $2, 'p', 'm', 1)`, [
    evaluationId,
    projectId,
  ]);
  await sql(
    `insert into evaluation_result (id, evaluation_id, scenario, title, difficulty, attempt, session_id, passed, duration_ms)
     values ($1, $1, 's', 't', 'easy', 1, $2, true, 1)`.replace('$1, $1', '$3, $1'),
    [evaluationId, old, newId()],
  );
  expect(await countDue(kernel)).toMatchObject({ sessions: 1, alerts: 1 });

  expect(await sweep()).toMatchObject({ sessions: 1, alerts: 1 });
  // Jobs in the queue outlive what they were for: they find nothing and end.
  const found = (await findInDatabase(db.database, [old])).filter(
    (place) => !place.startsWith('graphile_worker.'),
  );
  // What was used stays in the report of its days (decision 34), under an id that leads nowhere any more.
  expect(found).toEqual([`public.usage_day: ${old}`]);
  expect(await exists(kept)).toBe(true);
  expect(await sql('select content, source_session_id from memory where id = $1', [memoryId])).toEqual([
    { content: 'learned', source_session_id: null },
  ]);
  expect(
    await sql('select passed, session_id from evaluation_result where evaluation_id = $1', [evaluationId]),
  ).toEqual([{ passed: true, session_id: null }]);
});

describe('a session stays', () => {
  test.each<[string, (id: string) => Promise<unknown>]>([
    ['while it runs', (id) => sql(`update session set status = 'running' where id = $1`, [id])],
    ['while it waits', (id) => sql(`update session set status = 'waiting' where id = $1`, [id])],
    ['while a question is open', (id) => addFollowUp(id, 'pending', null)],
    ['while an answer waits for a person', (id) => addFollowUp(id, 'waiting', null)],
    ['after a recent answer', (id) => addFollowUp(id, 'completed', 3)],
    [
      'while somebody reviews it',
      (id) => sql(`update session set review_status = 'in_progress' where id = $1`, [id]),
    ],
    [
      'after a recent review',
      (id) => sql(`update session set review_status = 'reviewed', reviewed_at = now() where id = $1`, [id]),
    ],
    [
      'while its problem goes on',
      (id) =>
        sql(
          'update alert set last_fired_at = now() where id = (select alert_id from session where id = $1)',
          [id],
        ),
    ],
  ])('%s', async (_when, change) => {
    const id = await finished(400);
    await change(id);
    expect((await countDue(kernel)).sessions).toBe(0);
    await sweep();
    expect(await exists(id)).toBe(true);
  });

  test('but not because nobody ever reviewed it', async () => {
    const id = await finished(400);
    await sql(`update session set review_status = 'needs_review' where id = $1`, [id]);
    await sweep();
    expect(await exists(id)).toBe(false);
  });
});

test('while the question of another transaction is being stored, its session is passed over', async () => {
  const id = await finished(400);
  const writer = new pg.Client({ connectionString: db.database.url });
  await writer.connect();
  await writer.query('begin');
  await writer.query('select 1 from session where id = $1 for no key update', [id]);
  expect(await sweep()).toMatchObject({ sessions: 0 });
  await writer.query(`insert into follow_up (id, session_id, kind, author) values ($1, $2, 'chat', 'ann')`, [
    newId(),
    id,
  ]);
  await writer.query('commit');
  await writer.end();
  expect(await sweep()).toMatchObject({ sessions: 0 });
  expect(await exists(id)).toBe(true);
});

test('who reads a session while it is deleted sees all of it; who comes later is told that it is not there', async () => {
  const id = await finished(400);
  const reader = new pg.Client({ connectionString: db.database.url });
  await reader.connect();
  await reader.query('begin isolation level repeatable read');
  const count = async () =>
    (await reader.query('select count(*)::int as n from timeline_item where session_id = $1', [id])).rows[0];
  const before = await count();
  expect(await sweep()).toMatchObject({ sessions: 1 });
  expect(await count()).toEqual(before);
  await reader.query('commit');
  await reader.end();
  await expect(readSnapshot(kernel, { projectId, sessionId: id })).rejects.toMatchObject({
    code: 'not_found',
  });
});

describe('events', () => {
  test('of a finished session go after their time; its page stays whole', async () => {
    const id = await finished(31);
    const key = { projectId, sessionId: id };
    const before = await readSnapshot(kernel, key);
    const { events } = await countDue(kernel);
    expect(events).toBe(before.cursor);
    expect(await sweep()).toMatchObject({ sessions: 0, events });
    const after = await readSnapshot(kernel, key);
    expect(after).toEqual({ ...before, session: { ...before.session, eventsRemovedUpTo: before.cursor } });
    expect(await sql('select 1 from session_event where session_id = $1', [id])).toEqual([]);
    expect(await readEvents(kernel, { ...key, after: 0 })).toEqual({
      events: [],
      latest: before.cursor,
      removedUpTo: before.cursor,
    });
  });

  test('what comes later is numbered on, stays, and goes in its own time', async () => {
    const id = await finished(31);
    const key = { projectId, sessionId: id };
    await sweep();
    const event = { type: 'session.patch' as const, payload: { alert: { count: 2 } } };
    const seq = await appendEvents(db.database.pool, { sessionId: id, events: [event] });
    expect(await sweep()).toMatchObject({ events: 0 });
    expect((await readEvents(kernel, { ...key, after: seq - 1 })).events.map((each) => each.seq)).toEqual([
      seq,
    ]);
    await age(id, 31);
    expect(await sweep()).toMatchObject({ events: 1 });
  });

  test('of a session that is not finished, or lately finished, stay', async () => {
    await finished(29);
    const running = await finished(31);
    await sql(`update session set status = 'running' where id = $1`, [running]);
    expect(await sweep()).toMatchObject({ events: 0 });
  });

  test('a long log takes several batches', async () => {
    const id = await finished(31);
    await sql(
      `insert into session_event (session_id, seq, type, payload, created_at)
       select $1, last_seq + n, 'item.delta', '{}', now() - interval '31 days' from session, generate_series(1, 25000) n where id = $1`,
      [id],
    );
    await sql('update session set last_seq = last_seq + 25000 where id = $1', [id]);
    const [{ n } = {}] = await sql('select last_seq as n from session where id = $1', [id]);
    expect(await sweep()).toMatchObject({ events: n });
  });
});

describe('payloads of calls', () => {
  test('go after their time; the calls, their cost and what the timeline shows stay', async () => {
    const id = await finished(15);
    const key = { projectId, sessionId: id };
    const outputId = newId();
    await sql('insert into tool_output (id, session_id, content, bytes) values ($1, $2, $3, 3)', [
      outputId,
      id,
      'abc',
    ]);
    await sql(
      `update tool_call set output_id = $2 where id = (select id from tool_call where session_id = $1 limit 1)`,
      [id, outputId],
    );
    const imageId = await addImage(id);
    await sql(`update llm_call set request = request || '{"images": 1}' where session_id = $1`, [id]);
    const before = await readTrace(kernel, { ...key, limit: 100 });
    expect(JSON.stringify(before)).toContain(`/images/${imageId}`);
    const page = await readSnapshot(kernel, key);
    expect((await countDue(kernel)).calls).toBe(before.items.length);

    expect(await sweep()).toMatchObject({ calls: before.items.length, events: 0, sessions: 0 });
    const note = 'Removed after 14 days by retention.';
    const { items } = await readTrace(kernel, { ...key, limit: 100 });
    expect(items).toEqual(
      before.items.map((item) =>
        item.kind === 'llm'
          ? { ...item, request: { ...item.request, messages: [] }, response: null, removed: note }
          : {
              ...item,
              request: { arguments: {} },
              response: null,
              outputUrl: null,
              images: [],
              removed: note,
            },
      ),
    );
    expect(await readSnapshot(kernel, key)).toEqual(page);
    await expect(readOutput(kernel, { ...key, outputId })).rejects.toMatchObject({
      code: 'gone',
      message: note,
    });
    await expect(readImage(kernel, { ...key, imageId })).rejects.toMatchObject({
      code: 'gone',
      message: note,
    });
    await expect(readOutput(kernel, { ...key, projectId: newId(), outputId })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await sweep()).toMatchObject({ calls: 0 });
  });

  test('stay while its chat is alive, and those of the answers go later', async () => {
    const id = await finished(20);
    await addFollowUp(id, 'completed', 13);
    expect(await sweep()).toMatchObject({ calls: 0 });
    await sql(`update follow_up set completed_at = now() - interval '15 days' where session_id = $1`, [id]);
    expect((await sweep())?.calls).toBeGreaterThan(0);
  });
});

test('alerts go with their last session, or alone when none was ever made', async () => {
  const receive = (fingerprint: string, status: 'firing' | 'resolved') =>
    receiveAlert(kernel, {
      projectId,
      actor: 'test',
      alert: { ...fromPostAlert({ data: 'x', fingerprint }), status },
    });
  const lone = await receive('lone', 'resolved');
  const recent = await receive('recent', 'resolved');
  await sql(`update alert set last_fired_at = now() - interval '400 days' where id = $1`, [lone.alertId]);
  expect(await sweep()).toMatchObject({ alerts: 1 });
  expect((await sql('select id from alert', [])).map(({ id }) => id)).toEqual([recent.alertId]);
  // The same resolve again is a new row, not an error.
  expect((await receive('lone', 'resolved')).alertId).not.toBe(lone.alertId);
});

test('the periods are those of the configuration, but no problem is older than its window', async () => {
  const id = await finished(3);
  await kernel.setConfig({ retention: { sessions: '2d' }, dedup: { window: '7d' } });
  expect(await sweep()).toMatchObject({ sessions: 0 });
  await kernel.setConfig({ retention: { sessions: '2d' } });
  expect(await sweep()).toMatchObject({ sessions: 1 });
  expect(await exists(id)).toBe(false);
});

test('what was used is forgotten by the day, after a period of its own that is never below that of sessions', async () => {
  await sql('delete from usage_day', []);
  const id = await finished(1);
  await sql(
    `insert into usage_day (session_id, day, kind, provider, model, project_id, alert_type, chain)
     select $1, ((now() - n * interval '1 day') at time zone 'utc')::date, 'k', 'p', 'm', $2, 'a', 'c'
     from generate_series(0, 11000) n`,
    [id, projectId],
  );
  const kept = async () => (await sql('select count(*)::int as n from usage_day', []))[0]?.n;
  await kernel.setConfig({ retention: { usage: '1d', sessions: '10000d' } });
  expect(await countDue(kernel)).toMatchObject({ usage: 1_000 });
  expect(await sweep()).toMatchObject({ usage: 1_000 });
  expect(await kept()).toBe(10_001);
  await kernel.setConfig({});
  expect((await readRetention(kernel)).usageMs).toBe(1_095 * 86_400_000);
  // Two batches.
  expect(await sweep()).toMatchObject({ usage: 10_001 - 1_096, sessions: 0 });
  expect(await kept()).toBe(1_096);
  expect((await readRetention(kernel)).lastSweep?.removed.usage).toBe(10_001 - 1_096);
  expect(await exists(id)).toBe(true);
});

test('more than one batch; the state says what was removed, now and ever', async () => {
  const before = await readRemovedTotals(kernel);
  const ids: string[] = [];
  for (let n = 0; n < 45; n += 1) ids.push(await finished(400));
  expect(await sweep()).toMatchObject({ sessions: 45, alerts: 45 });
  const { lastSweep } = await readRetention(kernel);
  expect(lastSweep).toMatchObject({
    error: null,
    endedAt: expect.any(String),
    removed: { sessions: 45, alerts: 45 },
  });
  expect((await readRemovedTotals(kernel)).sessions - before.sessions).toBe(45);
  await sweep();
  expect((await readRetention(kernel)).lastSweep?.removed.sessions).toBe(0);
  expect((await readRemovedTotals(kernel)).sessions - before.sessions).toBe(45);
});

test('one sweep at a time; one that is told to stop does, and the next goes on', async () => {
  await finished(400);
  const other = new pg.Client({ connectionString: db.database.url });
  await other.connect();
  await other.query('select pg_advisory_lock($1)', [lockKeys.retention]);
  expect(await sweep()).toBeNull();
  await other.end();
  const stopped = await runSweep(kernel, { signal: AbortSignal.abort() });
  expect(stopped).toMatchObject({ sessions: 0 });
  expect((await readRetention(kernel)).lastSweep?.endedAt).toBeNull();
  expect(await sweep()).toMatchObject({ sessions: 1 });
});

test('counting removes nothing', async () => {
  const id = await finished(400);
  const counted = await countDue(kernel);
  expect(counted).toMatchObject({ sessions: 1, alerts: 1 });
  expect(await countDue(kernel)).toEqual(counted);
  expect(await exists(id)).toBe(true);
});

test('every table that names a session goes with it, or is tidied by hand', async () => {
  const loose = await sql(
    `select c.table_name as name from information_schema.columns c
       join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.column_name like '%session_id'
       and not exists (
         select 1 from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
         where k.contype = 'f' and k.confrelid = 'session'::regclass and k.confdeltype in ('c', 'n')
           and k.conrelid = format('%I', c.table_name)::regclass and a.attname = c.column_name)
     order by 1`,
  );
  expect(loose.map(({ name }) => name)).toEqual(['evaluation_result', 'idempotency_key', 'usage_day']);
});
