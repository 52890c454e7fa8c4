import { beforeAll, expect, test } from 'vitest';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import {
  fixtureKernel,
  type Investigation,
  insertProject,
  insertSession,
  playTurn,
  seededRandom,
  startInvestigation,
} from '#test/session-fixtures.ts';
import { type TraceItem, traceItemSchema } from '../../schema.ts';
import { encodeCursor } from './page-cursor.ts';
import { readOutput, readOutputSlice } from './read-output.ts';
import { readTrace } from './read-trace.ts';
import { outputSliceSchema } from './request-schemas.ts';

const db = useTestDatabase();
let kernel: Kernel;
let projectId = '';
let run: Investigation;

beforeAll(async () => {
  kernel = fixtureKernel(db.database);
  projectId = (await insertProject(db.database, 'trace')).id;
  await insertSession(db.database, { projectId });
  run = await startInvestigation(db.database);
  const random = seededRandom(3);
  for (let iteration = 0; iteration < 4; iteration += 1) await playTurn(run, { random, iteration });
});

async function readAll(sessionId: string, limit: number): Promise<TraceItem[]> {
  const items: TraceItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await readTrace(kernel, { projectId, sessionId, limit, cursor });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return items;
}

test('model and tool calls come merged by time, each once whatever the page size', async () => {
  const all = await readAll(run.sessionId, 200);
  for (const item of all) expect(traceItemSchema.parse(item)).toEqual(item);
  expect(all.filter((item) => item.kind === 'llm')).toHaveLength(4);
  expect(all.filter((item) => item.kind === 'tool').length).toBeGreaterThanOrEqual(4);
  expect(all.map((item) => item.startedAt)).toEqual(all.map((item) => item.startedAt).toSorted());
  for (const limit of [1, 3]) expect(await readAll(run.sessionId, limit)).toEqual(all);
});

test('a model call shows the conversation as far as it was sent', async () => {
  const calls = (await readAll(run.sessionId, 200)).filter((item) => item.kind === 'llm');
  expect(calls.map((call) => call.kind === 'llm' && call.request.messages.length)).toEqual([1, 3, 5, 7]);
  expect(calls[1]).toMatchObject({
    purpose: 'iteration',
    request: {
      messages: [
        { role: 'system', content: 'message 1' },
        { role: 'assistant', content: 'message 2' },
        { role: 'user', content: 'message 3' },
      ],
      tools: ['cluster__pods_log'],
    },
    response: { text: 'answer 1' },
    usage: { inputTokens: 100, cachedInputTokens: 0, outputTokens: 10, reasoningTokens: 0, costUsd: 0.01 },
  });
});

test('a call outside a conversation carries its messages; an odd request is shown as empty', async () => {
  const sessionId = await insertSession(db.database, { projectId });
  for (const request of [
    { system: 'Sum up.', messages: [{ role: 'user', content: 'all' }] },
    'odd',
    { tools: 7 },
  ]) {
    await db.database.pool.query(
      `insert into llm_call (id, session_id, kind, provider, model, request, started_at, duration_ms, error)
       values ($1, $2, 'executive_summary', 'p', 'm', $3, now(), 1, 'late')`,
      [newId(), sessionId, JSON.stringify(request)],
    );
  }
  const items = await readAll(sessionId, 2);
  expect(items.map((item) => item.kind === 'llm' && item.request)).toEqual(
    expect.arrayContaining([
      {
        messages: [
          { role: 'system', content: 'Sum up.' },
          { role: 'user', content: 'all' },
        ],
        tools: [],
        toolSet: null,
        images: 0,
      },
      { messages: [], tools: [], toolSet: null, images: 0 },
    ]),
  );
  expect(items).toHaveLength(3);
});

test('a page of large payloads ends early, and the next one goes on', async () => {
  const sessionId = await insertSession(db.database, { projectId });
  await db.database.pool.query(
    `insert into llm_call (id, session_id, kind, provider, model, request, response, started_at, duration_ms)
     select gen_random_uuid(), $1, 'iteration', 'p', 'm', '{}', to_jsonb(repeat('x', 900000)), now() + n * interval '1 s', 1
     from generate_series(1, 7) n`,
    [sessionId],
  );
  const page = await readTrace(kernel, { projectId, sessionId, limit: 50 });
  expect(page.items).toHaveLength(2);
  expect(await readAll(sessionId, 50)).toHaveLength(7);
});

test('forged cursors are bad requests', async () => {
  for (const cursor of ['x', encodeCursor({ at: 'now', id: 'y' }), encodeCursor({ at: -1, id: newId() })]) {
    const page = (async () => readTrace(kernel, { projectId, sessionId: run.sessionId, limit: 1, cursor }))();
    await expect(page).rejects.toMatchObject({ code: 'bad_request' });
  }
});

test('a spilled output is linked, read by slices and whole, and only within its project', async () => {
  const outputId = newId();
  const content = '🔥 zeile\n'.repeat(20_000);
  await db.database.pool.query(
    'insert into tool_output (id, session_id, content, bytes) values ($1, $2, $3, $4)',
    [outputId, run.sessionId, content, Buffer.byteLength(content)],
  );
  await db.database.pool.query(
    'update tool_call set output_id = $2 where id = (select id from tool_call where session_id = $1 limit 1)',
    [run.sessionId, outputId],
  );
  const linked = (await readAll(run.sessionId, 200)).filter((item) => item.kind === 'tool' && item.outputUrl);
  expect(linked).toMatchObject([{ outputUrl: `/api/v1/sessions/${run.sessionId}/outputs/${outputId}` }]);
  const key = { projectId, sessionId: run.sessionId, outputId };
  expect(await readOutput(kernel, key)).toBe(content);
  let text = '';
  let offset: number | null = 0;
  while (offset !== null) {
    const slice: { text: string; totalChars: number; nextOffset: number | null } = await readOutputSlice(
      kernel,
      { ...key, offset, limit: 33_333 },
    );
    expect(slice.totalChars).toBe(160_000);
    text += slice.text;
    offset = slice.nextOffset;
  }
  expect(text).toBe(content);
  const atTheEnd = outputSliceSchema.parse({ offset: 2_147_483_646, limit: 500_000 });
  expect(await readOutputSlice(kernel, { ...key, ...atTheEnd })).toMatchObject({
    text: '',
    nextOffset: null,
  });
  const foreign = await insertProject(db.database, 'trace-foreign');
  await expect(readOutput(kernel, { ...key, projectId: foreign.id })).rejects.toMatchObject({
    code: 'not_found',
  });
  await expect(readOutputSlice(kernel, { ...key, outputId: newId() })).rejects.toMatchObject({
    code: 'not_found',
  });
});
