import { beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '#test/postgres.ts';
import { insertProject, insertSession } from '#test/session-fixtures.ts';
import type { EventBody } from '../schema.ts';
import { LeaseLostError } from './append-events.ts';
import { appendTogether } from './append-together.ts';

const db = useTestDatabase();
let projectId = '';

beforeAll(async () => {
  projectId = (await insertProject(db.database, 'together')).id;
});

const sessions = (count: number) =>
  Promise.all(Array.from({ length: count }, () => insertSession(db.database, { projectId })));

const delta = (text: string): EventBody => ({
  type: 'item.delta',
  payload: { itemId: '0199f000-0000-7000-8000-000000000000', offset: 0, text },
});

async function textsOf(sessionId: string): Promise<string[]> {
  const { rows } = await db.database.pool.query<{ seq: number; text: string }>(
    `select seq, payload->>'text' as text from session_event where session_id = $1 and type = 'item.delta' order by seq`,
    [sessionId],
  );
  const first = rows[0]?.seq ?? 0;
  expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => first + index));
  return rows.map((row) => row.text);
}

test('many sessions at once: each log is dense, in order and its own, and commits are shared', async () => {
  const ids = await sessions(30);
  await Promise.all(
    ids.map(async (sessionId, index) => {
      for (let round = 0; round < 10; round += 1) {
        const events = Array.from({ length: 1 + (index % 3) }, (_, n) => delta(`${index}/${round}/${n}`));
        await appendTogether(db.database.pool, { sessionId, events });
      }
    }),
  );
  for (const [index, sessionId] of ids.entries()) {
    const expected = Array.from({ length: 10 }, (_, round) =>
      Array.from({ length: 1 + (index % 3) }, (__, n) => `${index}/${round}/${n}`),
    ).flat();
    expect(await textsOf(sessionId)).toEqual(expected);
  }
  const { rows } = await db.database.pool.query<{ transactions: number }>(
    `select count(distinct xmin::text) as transactions from session_event
     where session_id = any($1) and type = 'item.delta'`,
    [ids],
  );
  expect(rows[0]?.transactions).toBeLessThan(150);
});

test('a lost lease fails its own session only, and writes nothing for it', async () => {
  const [lost = '', kept = '', alone = ''] = await sessions(3);
  const append = (sessionId: string, epoch: number) =>
    appendTogether(db.database.pool, { sessionId, epoch, events: [delta('x')] });
  const results = await Promise.allSettled([append(alone, 0), append(lost, 7), append(kept, 0)]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: expect.any(LeaseLostError) });
  expect(await textsOf(lost)).toEqual([]);
  expect(await textsOf(kept)).toEqual(['x']);
});

test('what the database refuses from one session does not touch the others of its group', async () => {
  const ids = await sessions(4);
  const results = await Promise.allSettled(
    ids.map((sessionId, index) =>
      appendTogether(db.database.pool, {
        sessionId,
        events: [delta(index === 2 ? 'not \0 storable' : 'fine')],
      }),
    ),
  );
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(await Promise.all(ids.map(textsOf))).toEqual([['fine'], ['fine'], [], ['fine']]);
  await appendTogether(db.database.pool, { sessionId: ids[2] ?? '', events: [delta('again')] });
  expect(await textsOf(ids[2] ?? '')).toEqual(['again']);
});

test('two lanes of one session take turns: both are written, and the log stays dense', async () => {
  const [sessionId = ''] = await sessions(1);
  const append = (lane: 'chat' | 'review', text: string) =>
    appendTogether(db.database.pool, { sessionId, lane, epoch: 0, events: [delta(text)] });
  await Promise.all(Array.from({ length: 10 }, (_, n) => append(n % 2 ? 'chat' : 'review', `${n}`)));
  expect((await textsOf(sessionId)).sort()).toEqual(Array.from({ length: 10 }, (_, n) => `${n}`));
});

test('a lane that was lost is refused, the other one is not', async () => {
  const [sessionId = ''] = await sessions(1);
  await db.database.pool.query('update session set chat_epoch = 1 where id = $1', [sessionId]);
  const outcomes = await Promise.allSettled(
    (['chat', 'review'] as const).map((lane) =>
      appendTogether(db.database.pool, { sessionId, lane, epoch: 0, events: [delta(lane)] }),
    ),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(await textsOf(sessionId)).toEqual(['review']);
});
