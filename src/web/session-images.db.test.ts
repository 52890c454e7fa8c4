import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#src/server/ids.ts';
import { drawPng } from '#test/mcp-servers/draw-png.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { insertSession, playTurn, seededRandom, startInvestigation } from '#test/session-fixtures.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';

const db = useTestDatabase();
const png = drawPng(64, 32);
let web: TestWeb;
let home: string;
let foreign: string;
let address: string;
let otherSession: string;
let sessionId: string;
const imageId = newId();

beforeAll(async () => {
  web = await startTestWeb(db.database);
  home = await web.project('home');
  foreign = await web.project('foreign');
  await insertSession(db.database, { projectId: home });
  const run = await startInvestigation(db.database);
  await playTurn(run, { random: seededRandom(1), iteration: 0 });
  await db.database.pool.query(
    `insert into tool_image (id, session_id, execution_id, call_id, position, media_type, width, height, content, bytes, for_models)
     select $1, session_id, execution_id, call_id, 1, 'image/png', 64, 32, $2, $3, false from tool_call where session_id = $4 limit 1`,
    [imageId, png, png.length, run.sessionId],
  );
  sessionId = run.sessionId;
  otherSession = await insertSession(db.database, { projectId: home });
  address = `${web.url}/api/v1/sessions/${sessionId}/images/${imageId}`;
});
afterAll(() => web.close());

test('an image is what it is and nothing else, and stays with the reader', async () => {
  const cookie = await web.cookie({ [home]: 'viewer' });
  const response = await fetch(address, { headers: { cookie } });
  expect(response.status).toBe(200);
  expect(Buffer.from(await response.arrayBuffer()).equals(png)).toBe(true);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-length': String(png.length),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, max-age=86400, immutable',
    vary: 'cookie, authorization, x-tars-project',
  });
});

test('a page of a person with several projects names the one in the address, which gives no rights', async () => {
  const cookie = await web.cookie({ [home]: 'viewer', [foreign]: 'admin' });
  const stranger = await web.cookie({ [foreign]: 'admin' });
  const status = async (query: string, who: string) =>
    (await fetch(`${address}${query}`, { headers: { cookie: who } })).status;
  expect(await status('', cookie)).toBe(400);
  expect(await status('?project=home', cookie)).toBe(200);
  expect(await status('?project=foreign', cookie)).toBe(404);
  expect(await status('?project=home', stranger)).toBe(404);
  expect((await fetch(`${address}?project=home`)).status).toBe(401);
});

test('it is not found under another session, and gone after retention', async () => {
  const authorization = `Bearer ${await web.key(home, 'viewer')}`;
  const get = async (url: string) => {
    const response = await fetch(url, { headers: { authorization } });
    return { status: response.status, text: await response.text() };
  };
  expect((await get(address.replace(sessionId, otherSession))).status).toBe(404);
  expect((await get(address.replace(imageId, newId()))).status).toBe(404);
  await db.database.pool.query('delete from tool_image');
  await db.database.pool.query('update tool_call set logs_removed_at = now() where session_id = $1', [
    sessionId,
  ]);
  const gone = await get(address);
  expect(gone.status).toBe(410);
  expect(gone.text).toContain('Removed after 14 days by retention.');
});
