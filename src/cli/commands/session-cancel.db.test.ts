import { afterAll, beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '#test/postgres.ts';
import { runTars } from '#test/run-tars.ts';
import { type Investigation, insertSession, startInvestigation } from '#test/session-fixtures.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';

const db = useTestDatabase();
let web: TestWeb;
let key: string;
let run: Investigation;

beforeAll(async () => {
  web = await startTestWeb(db.database);
  const projectId = await web.project('acme');
  key = await web.key(projectId, 'operator');
  await insertSession(db.database, { projectId });
  run = await startInvestigation(db.database);
});
afterAll(() => web.close());

const tars = (...args: string[]) => runTars([...args, '--url', web.url, '--key', key]);

test('session show names the agents at work, and session cancel --agent ends one of them', async () => {
  const { id } = run.execution;
  expect((await tars('session', 'show', run.sessionId)).out).toContain(`agent kubernetes: running, ${id}`);
  expect((await tars('session', 'cancel', run.sessionId, '--reason', 'x')).code).toBe(2);
  expect((await tars('session', 'cancel', run.sessionId, '--agent', 'kubernetes')).code).toBe(2);
  const cancelled = await tars(
    'session',
    'cancel',
    run.sessionId,
    '--agent',
    id,
    '--reason',
    'wrong cluster',
  );
  expect(cancelled).toMatchObject({ code: 0, out: 'The agent is cancelling.\n' });
  const { rows } = await db.database.pool.query(
    'select cancel_requested_by, cancel_reason, status from execution where id = $1',
    [id],
  );
  expect(rows).toEqual([
    { cancel_requested_by: 'key:operator', cancel_reason: 'wrong cluster', status: 'cancelling' },
  ]);
});

test('over REST the reason, and with it the body, may be left out', async () => {
  const cancel = (init: RequestInit) =>
    fetch(`${web.url}/api/v1/sessions/${run.sessionId}/executions/${run.execution.id}/cancel`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      ...init,
    });
  const plain = await cancel({});
  expect({ status: plain.status, body: await plain.json() }).toEqual({
    status: 200,
    body: { status: 'cancelling' },
  });
  expect((await cancel({ body: '{"reason": 7}' })).status).toBe(400);
  await db.database.pool.query(
    `update execution set status = 'completed', completed_at = now() where id = $1`,
    [run.execution.id],
  );
  expect((await cancel({})).status).toBe(409);
});
