import { afterAll, beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '#test/postgres.ts';
import { runTars } from '#test/run-tars.ts';
import { finishInvestigation, insertSession, startInvestigation } from '#test/session-fixtures.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';

const db = useTestDatabase();
let web: TestWeb;
let key: string;
let sessionId: string;

beforeAll(async () => {
  web = await startTestWeb(db.database);
  const projectId = await web.project('acme');
  key = await web.key(projectId, 'operator');
  sessionId = await insertSession(db.database, { projectId });
  await finishInvestigation(await startInvestigation(db.database), 'The key is missing.');
});
afterAll(() => web.close());

const tars = (...args: string[]) => runTars([...args, '--url', web.url, '--key', key]);

test('session review takes a step, and says why it cannot', async () => {
  const claimed = await tars('session', 'review', sessionId, 'claim');
  expect(claimed).toMatchObject({ code: 0, out: 'The review is in progress by key:operator.\n' });
  const done = await tars('session', 'review', sessionId, 'complete', '--rating', 'accurate', '--json');
  expect(JSON.parse(done.out)).toMatchObject({ review: { status: 'reviewed', rating: 'accurate' } });
  expect((await tars('session', 'show', sessionId)).out).toContain(
    '\nreview: reviewed by key:operator, accurate\n',
  );
  const late = await tars('session', 'review', sessionId, 'claim');
  expect(late.code).toBe(1);
  expect(late.err).toContain('already reviewed');
  expect((await tars('session', 'review', sessionId, 'forget')).code).toBe(2);
});

test('session score asks for a score once at a time', async () => {
  const asked = await tars('session', 'score', sessionId, '--json');
  expect(JSON.parse(asked.out)).toMatchObject({ scoreId: expect.any(String), stageId: expect.any(String) });
  const again = await tars('session', 'score', sessionId);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('being scored already') });
});

test('memory list prints what is remembered', async () => {
  expect(await tars('memory', 'list')).toMatchObject({ code: 0, out: 'Nothing is remembered.\n' });
  const response = await fetch(`${web.url}/api/v1/memories`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ content: 'Checkout needs a key.' }),
  });
  expect(response.status).toBe(201);
  const { out } = await tars('memory', 'list', '-q', 'checkout');
  expect(out).toBe('80 %  semantic  Checkout needs a key.\n');
});
