import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { release } from '#src/server/version.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';

const db = useTestDatabase();
let web: TestWeb;
let cookie: string;

/** Renders what Next would be told: the nonce and the policy of the request. */
async function render(req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.url?.startsWith('/broken')) throw new Error('a page that throws: secret detail');
  if (req.url?.startsWith('/bare')) {
    res.statusCode = 500;
    res.end('Internal Server Error');
    return;
  }
  if (req.url?.startsWith('/in-pieces')) {
    res.writeHead(500, { 'content-type': 'text/plain' }).write('Internal ');
    res.end('Server Error');
    return;
  }
  if (req.url?.startsWith('/rendered-failure')) {
    res.writeHead(500, { 'content-type': 'text/html' }).end('<p>An error page.</p>');
    return;
  }
  const { 'x-nonce': nonce, 'x-release': release, 'content-security-policy': policy } = req.headers;
  res
    .setHeader('content-type', 'application/json')
    .end(JSON.stringify({ nonce, release, policy, path: req.url }));
}

beforeAll(async () => {
  web = await startTestWeb(db.database, {
    env: { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret', GITHUB_URL: 'https://git.example/' },
    openPages: async () => ({ handle: render, upgrade: async () => undefined, close: async () => undefined }),
  });
  cookie = await web.cookie({ [await web.project('pages')]: 'viewer' });
});
afterAll(() => web.close());

const open = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${web.url}${path}`, { redirect: 'manual', headers: { accept: 'text/html', ...headers } });

test('who is not signed in is led to the sign-in page and back', async () => {
  const response = await open('/p/pages/sessions?q=oom&status=failed');
  expect(response.status).toBe(303);
  const location = new URL(response.headers.get('location') ?? '', web.url);
  expect(location.pathname).toBe('/sign-in');
  expect(location.searchParams.get('to')).toBe('/p/pages/sessions?q=oom&status=failed');
  expect((await open('/')).headers.get('location')).toBe('/sign-in');
});

test.each(['/sign-in', '/sign-in?error=LoginLink', '/_next/static/chunks/main.js', '/icon.svg'])(
  'needs no sign-in: %s',
  async (path) => expect((await open(path)).status).toBe(200),
);

test('each page has a nonce of its own, the same for Next and for the browser', async () => {
  const answers = await Promise.all([
    open('/p/pages/sessions', { cookie }),
    open('/p/pages/sessions', { cookie }),
  ]);
  const nonces = new Set<string>();
  for (const answer of answers) {
    const seen: { nonce: string; policy: string } = await answer.json();
    expect(answer.headers.get('content-security-policy')).toBe(seen.policy);
    expect(seen.policy).toContain(`'nonce-${seen.nonce}'`);
    expect(seen.policy).toContain("form-action 'self' https://git.example;");
    expect(seen.policy).not.toContain('unsafe-eval');
    nonces.add(seen.nonce);
  }
  expect(nonces.size).toBe(2);
});

test('a page is told by which release it is served, whatever the browser says', async () => {
  const answer = await open('/p/pages/sessions', { cookie, 'x-release': 'made up' });
  expect(await answer.json()).toMatchObject({ release });
});

test('a nonce that the browser sends is not used', async () => {
  const sent = { cookie, 'x-nonce': 'mine', 'content-security-policy': "script-src 'nonce-mine'" };
  const seen: { nonce: string; policy: string } = await (await open('/p/pages/sessions', sent)).json();
  expect(seen.nonce).not.toBe('mine');
  expect(seen.policy).not.toContain('mine');
});

test.each(['/broken', '/bare', '/in-pieces'])(
  'a page that fails (%s) answers 500 with words for people',
  async (path) => {
    const response = await open(path, { cookie });
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    const text = await response.text();
    expect(text).not.toContain('secret detail');
    expect(text).toContain('<h1>This page failed</h1>');
    expect(text).toContain(`Reference ${response.headers.get('x-request-id')}`);
    expect(text).toContain('href="/"');
  },
);

test('what a program asks for fails as data, and an error page that was rendered is left alone', async () => {
  const data = await open('/broken', { cookie, accept: '*/*' });
  expect(await data.json()).toMatchObject({ error: { code: 'internal' } });
  const bare = await open('/bare', { cookie, accept: '*/*' });
  expect(await bare.text()).toBe('Internal Server Error');
  const rendered = await open('/rendered-failure', { cookie });
  expect([rendered.status, await rendered.text()]).toEqual([500, '<p>An error page.</p>']);
});

test('pages cannot answer below /api', async () => {
  expect((await open('/api/other', { cookie })).status).toBe(404);
});
