import { beforeAll, expect, test } from 'vitest';
import { newId } from '#src/server/ids.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { insertProject, insertSession } from '#test/session-fixtures.ts';
import { LeaseLostError } from './append-events.ts';
import { createRecorder } from './recorder.ts';
import type { Batch } from './write-batch.ts';

const db = useTestDatabase();
let projectId = '';

beforeAll(async () => {
  projectId = (await insertProject(db.database, 'recorder')).id;
});

async function open({ epoch = 0 } = {}) {
  const sessionId = await insertSession(db.database, { projectId });
  return { sessionId, recorder: createRecorder({ database: db.database, sessionId, epoch }) };
}

const note = (content: string) => (batch: Batch) =>
  void batch.startItem({ stageId: null, executionId: null, type: 'error', status: 'failed', content });

/** What the log says, in order, with the transaction that wrote it. */
async function logOf(sessionId: string): Promise<{ type: string; text: string; xmin: string }[]> {
  const { rows } = await db.database.pool.query<{ type: string; text: string; xmin: string }>(
    `select type, coalesce(payload->>'text', payload->>'content', '') as text, xmin::text from session_event
     where session_id = $1 and type like 'item.%' order by seq`,
    [sessionId],
  );
  return rows;
}
const textsOf = async (sessionId: string) => (await logOf(sessionId)).map(({ text }) => text);

test('what nobody waits for is durable with the next commit, before it, in one transaction', async () => {
  const { sessionId, recorder } = await open();
  recorder.write(note('first'));
  recorder.write(note('second'));
  await recorder.commit(note('third'));
  const log = await logOf(sessionId);
  expect(log.map(({ text }) => text)).toEqual(['first', 'second', 'third']);
  expect(new Set(log.map(({ xmin }) => xmin)).size).toBe(1);
});

test('without a commit it is durable all the same, soon, or when somebody waits for everything', async () => {
  const { sessionId, recorder } = await open();
  recorder.write(note('by itself'));
  await expect.poll(() => textsOf(sessionId), { timeout: 10_000 }).toEqual(['by itself']);
  recorder.write(note('flushed'));
  await recorder.flush();
  expect(await textsOf(sessionId)).toEqual(['by itself', 'flushed']);
});

test('a streamed item that is started so: what was said by then goes with it, the rest follows', async () => {
  const { sessionId, recorder } = await open();
  let itemId = '';
  recorder.write((batch) => {
    itemId = batch.startItem({ stageId: null, executionId: null, type: 'response', content: 'The disk ' });
  });
  await recorder.flush();
  recorder.delta(itemId, 'is full.');
  await recorder.commit((batch) => batch.completeItem(itemId, { status: 'completed' }));
  // The last delta is the whole text; the parts before it have lost theirs.
  expect((await logOf(sessionId)).map(({ type, text }) => [type, text])).toEqual([
    ['item.started', ''],
    ['item.delta', 'The disk is full.'],
    ['item.completed', ''],
  ]);
  const { rows } = await db.database.pool.query('select content, status from timeline_item where id = $1', [
    itemId,
  ]);
  expect(rows).toEqual([{ content: 'The disk is full.', status: 'completed' }]);
});

test('an execution that is closed in the same transaction takes what was just started with it, and leaves what just ended', async () => {
  const sessionId = await insertSession(db.database, { projectId });
  const executionId = newId();
  const recorder = createRecorder({ database: db.database, sessionId, epoch: 0 });
  const place = { stageId: null, executionId };
  const streaming = await recorder.commit((batch) =>
    batch.startItem({ ...place, type: 'thinking', content: 'Hm' }),
  );
  recorder.write((batch) => batch.completeItem(streaming, { status: 'completed', content: 'Hm, yes' }));
  recorder.write((batch) => void batch.startItem({ ...place, type: 'response', content: 'Looking at ' }));
  await recorder.commit((batch) => batch.completeItemsOf(executionId, { status: 'cancelled' }));
  const { rows } = await db.database.pool.query(
    'select type, status, content from timeline_item where session_id = $1 order by seq',
    [sessionId],
  );
  expect(rows).toEqual([
    { type: 'thinking', status: 'completed', content: 'Hm, yes' },
    { type: 'response', status: 'cancelled', content: 'Looking at ' },
  ]);
  const ends = (await logOf(sessionId)).filter(({ type }) => type === 'item.completed');
  expect(ends).toHaveLength(2);
});

test('a failure of it meets the next commit, and nothing more is written', async () => {
  const lost = await open({ epoch: 7 });
  lost.recorder.write(note('not ours'));
  await lost.recorder.flush().catch(() => undefined);
  await expect(lost.recorder.commit(note('nor this'))).rejects.toBeInstanceOf(LeaseLostError);
  expect(await textsOf(lost.sessionId)).toEqual([]);

  const broken = await open();
  broken.recorder.write(() => {
    throw new Error('the answer cannot be written');
  });
  await expect(broken.recorder.commit(note('its call'))).rejects.toThrow('the answer cannot be written');
  await expect(broken.recorder.commit(note('later'))).rejects.toThrow('the answer cannot be written');
  expect(await textsOf(broken.sessionId)).toEqual([]);
});
