import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Principal } from '#src/server/auth/principal.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { createLogger } from '#src/server/logger.ts';
import { createCallerFactory } from '#src/server/trpc/trpc.ts';
import { useTestDatabase } from '#test/postgres.ts';
import {
  finishInvestigation,
  fixtureKernel,
  type Investigation,
  insertProject,
  insertSession,
  playTurn,
  seededRandom,
  startInvestigation,
} from '#test/session-fixtures.ts';
import { sessionOperations } from './rest.ts';
import { sessionsRouter } from './router.ts';

const db = useTestDatabase();
const eventPageSchema = z.object({
  items: z.array(z.object({ seq: z.number() })),
  nextCursor: z.string().nullable(),
});
let kernel: Kernel;
let project = { id: '', slug: '' };
let run: Investigation;
const outputId = newId();

beforeAll(async () => {
  kernel = fixtureKernel(db.database);
  project = await insertProject(db.database, 'operations');
  await insertSession(db.database, { projectId: project.id });
  run = await startInvestigation(db.database);
  await playTurn(run, { random: seededRandom(1), iteration: 0 });
  await finishInvestigation(run, 'The key is missing.');
  await db.database.pool.query(
    'insert into tool_output (id, session_id, content, bytes) values ($1, $2, $3, 3)',
    [outputId, run.sessionId, '<b>'],
  );
});

const principal = (): Principal => ({
  kind: 'user',
  userId: newId(),
  name: 'Vera',
  memberships: new Map([[project.id, 'operator']]),
});

/** Calls an operation as the REST edge does once it has authenticated: parses, handles, and checks the answer's shape. */
async function call(
  method: 'get' | 'post',
  path: string,
  params: unknown,
  query: Record<string, unknown> = {},
) {
  const operation = sessionOperations.find(
    (candidate) => candidate.method === method && candidate.path === path,
  );
  if (!operation) throw new Error(`no operation ${method} ${path}`);
  const reply = await operation.handle(
    {
      kernel,
      principal: principal(),
      projectId: project.id,
      requestId: 'r',
      log: createLogger({ level: 'silent', process: 'test' }),
      signal: new AbortController().signal,
      headers: new Headers(),
    },
    {
      params: operation.params?.parse(params),
      query: operation.query?.parse(query),
      body: undefined,
      raw: Buffer.alloc(0),
    },
  );
  const response = operation.responses[reply.status];
  if (!response?.schema) throw new Error(`${path} answers ${reply.status}, which it does not document`);
  expect(response.schema.parse(reply.body), path).toEqual(reply.body);
  return reply;
}

test('every reading operation answers in the shape that it documents', async () => {
  const params = { id: run.sessionId };
  expect((await call('get', '/sessions', {})).body).toMatchObject({
    items: [{ id: run.sessionId }],
    nextCursor: null,
  });
  expect((await call('get', '/sessions', {}, { status: 'failed,pending', limit: '5' })).body).toMatchObject({
    items: [],
  });
  expect((await call('get', '/sessions/{id}', params)).body).toMatchObject({
    status: 'completed',
    finalAnalysis: 'The key is missing.',
    alert: { labels: { namespace: 'shop' } },
    stages: [{ name: 'look', executions: [{ agent: 'kubernetes', status: 'completed' }] }],
    pendingApprovals: [],
  });
  await call('get', '/sessions/{id}/timeline', params, { limit: '2' });
  await call('get', '/sessions/{id}/trace', params);
  const output = await call('get', '/sessions/{id}/outputs/{outputId}', { ...params, outputId });
  expect(output).toMatchObject({ body: '<b>', headers: { 'content-type': 'text/plain; charset=utf-8' } });
});

test('events are paged by `after` and by `nextCursor` alike', async () => {
  const params = { id: run.sessionId };
  const seqs: number[] = [];
  let cursor: string | null = '0';
  while (cursor !== null) {
    const { body }: { body: unknown } = await call('get', '/sessions/{id}/events', params, {
      cursor,
      limit: '4',
    });
    const page = eventPageSchema.parse(body);
    seqs.push(...page.items.map((event) => event.seq));
    cursor = page.nextCursor;
  }
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1));
  const { body } = await call('get', '/sessions/{id}/events', params, { after: String(seqs.length - 1) });
  expect(body).toMatchObject({ items: [{ seq: seqs.length }], nextCursor: null, latest: seqs.length });
});

test('commands: run again makes a new session, which can be cancelled once', async () => {
  const { body } = await call('post', '/sessions/{id}/resubmit', { id: run.sessionId });
  const { sessionId } = z.object({ sessionId: z.string() }).parse(body);
  expect((await call('get', '/sessions/{id}', { id: sessionId })).body).toMatchObject({
    status: 'pending',
    queuePosition: 1,
    rerunOfId: run.sessionId,
    author: 'Vera',
  });
  expect((await call('post', '/sessions/{id}/cancel', { id: sessionId })).body).toEqual({
    status: 'cancelled',
  });
  await expect(call('post', '/sessions/{id}/cancel', { id: sessionId })).rejects.toMatchObject({
    code: 'conflict',
  });
  await expect(call('post', '/sessions/{id}/cancel', { id: newId() })).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('the dashboard reads the same through its router, and viewers cannot command', async () => {
  const as = (who: Principal | null) =>
    createCallerFactory(sessionsRouter)({ kernel, principal: who, requestId: 'r', log: kernel.log });
  const viewer = as({ kind: 'user', userId: 'v', name: 'v', memberships: new Map([[project.id, 'viewer']]) });
  const input = { project: project.slug, id: run.sessionId };
  const { cursor, items } = await viewer.snapshot(input);
  expect(items.length).toBeGreaterThan(2);
  expect(await viewer.events({ ...input, after: cursor })).toEqual({
    events: [],
    latest: cursor,
    removedUpTo: 0,
  });
  expect((await viewer.list({ project: project.slug, q: 'crash loop' })).items.length).toBeGreaterThan(0);
  expect((await viewer.active({ project: project.slug })).running).toEqual([]);
  expect((await viewer.filterOptions({ project: project.slug })).chains).toEqual(['kubernetes']);
  expect((await viewer.trace(input)).items.length).toBeGreaterThan(1);
  expect(await viewer.output({ ...input, outputId })).toEqual({
    text: '<b>',
    totalChars: 3,
    nextOffset: null,
  });
  expect(await viewer.deliveries(input)).toEqual({ items: [], total: 0 });
  expect(await viewer.locate({ id: run.sessionId })).toEqual({ project: project.slug });
  await expect(viewer.cancel(input)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(viewer.rerun(input)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  const stranger = as({ kind: 'user', userId: 's', name: 's', memberships: new Map() });
  await expect(stranger.snapshot(input)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(stranger.locate({ id: run.sessionId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(as(null).list({ project: project.slug })).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
});

test('events that retention has removed are gone, those after them are not', async () => {
  const path = '/sessions/{id}/events';
  await db.database.pool.query('update session set first_seq = 4 where id = $1', [run.sessionId]);
  await db.database.pool.query('delete from session_event where session_id = $1 and seq < 4', [
    run.sessionId,
  ]);
  for (const after of [0, 2]) {
    await expect(call('get', path, { id: run.sessionId }, { after })).rejects.toMatchObject({
      code: 'gone',
      message: expect.stringMatching(
        /^Events up to 3 were removed after 30 days by retention\..* after=3\.$/,
      ),
    });
  }
  const { body } = await call('get', path, { id: run.sessionId }, { after: 3 });
  expect(eventPageSchema.parse(body).items[0]?.seq).toBe(4);
});
