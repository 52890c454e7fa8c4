import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addMember, createApiKey, revokeApiKey } from '#src/features/access/server/index.ts';
import { createLoginLink } from '#src/server/auth/login-link.ts';
import { PRINCIPAL_CACHE_MS } from '#src/server/auth/tunables.ts';
import { type Account, type OAuthServer, startOAuthServer } from '#test/oauth-server/start-oauth-server.ts';
import { createTestDatabase, dropTestDatabase, useTestDatabase } from '#test/postgres.ts';
import { Browser } from '#test/web/browse.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';

const db = useTestDatabase();

type Me = { name: string; kind: string; projects: { slug: string; role: string }[] };

async function me(web: TestWeb, headers: Record<string, string>): Promise<Me | number> {
  const response = await fetch(`${web.url}/api/trpc/access.me`, { headers });
  if (!response.ok) return response.status;
  const body: { result: { data: Me } } = await response.json();
  return body.result.data;
}

describe('one-time login link', () => {
  let web: TestWeb;
  beforeAll(async () => {
    web = await startTestWeb(db.database);
  });
  afterAll(() => web.close());
  const open = (url: string, init: RequestInit = {}) => fetch(url, { redirect: 'manual', ...init });
  const publicUrl = () => ({ publicUrl: web.url });

  test('signs the local administrator in, once, and leads on', async () => {
    const { url } = await createLoginLink(web.kernel, publicUrl());
    const browser = new Browser();
    const first = await browser.visit(web.url, `${url}?to=/p/default/sessions`);
    expect(first.status).toBe(303);
    expect(first.headers.get('location')).toBe('/p/default/sessions');
    expect(first.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
    expect(await me(web, { cookie: browser.cookieHeader })).toMatchObject({
      name: 'Administrator',
      kind: 'user',
      projects: [{ slug: 'default', role: 'admin' }],
    });

    const again = await open(url);
    expect(again.headers.get('location')).toBe('/sign-in?error=LoginLink');
    expect(again.headers.get('set-cookie')).toBeNull();
    // The same browser reloading the printed address stays signed in.
    expect((await browser.visit(web.url, url)).headers.get('location')).toBe('/');
  });

  test('of two that use it at once, one is signed in', async () => {
    const { url } = await createLoginLink(web.kernel, publicUrl());
    const answers = await Promise.all(Array.from({ length: 8 }, () => open(url)));
    expect(answers.filter((answer) => answer.headers.has('set-cookie'))).toHaveLength(1);
  });

  test('expires', async () => {
    const { url } = await createLoginLink(web.kernel, { ...publicUrl(), ttlMs: -1 });
    expect((await open(url)).headers.get('location')).toBe('/sign-in?error=LoginLink');
  });

  test('a preview (HEAD) does not use it up', async () => {
    const { url } = await createLoginLink(web.kernel, publicUrl());
    await open(url, { method: 'HEAD' });
    expect((await open(url)).headers.get('location')).toBe('/');
  });

  test.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/a\nb'])(
    'leads nowhere else: %j',
    async (to) => {
      const { url } = await createLoginLink(web.kernel, publicUrl());
      expect((await open(`${url}?to=${encodeURIComponent(to)}`)).headers.get('location')).toBe('/');
    },
  );

  test('only the hash is stored', async () => {
    const { url } = await createLoginLink(web.kernel, publicUrl());
    const token = url.split('/').at(-1) ?? '';
    const rows = await db.database.prisma.loginLink.findMany();
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test('a forged or foreign cookie is nobody', async () => {
    expect(await me(web, { cookie: 'tars-session=eyJhbGciOiJkaXIifQ..a.b.c' })).toBe(401);
    expect(await me(web, { cookie: 'tars-session=' })).toBe(401);
  });
});

describe('GitHub', () => {
  let web: TestWeb;
  let github: OAuthServer;
  beforeAll(async () => {
    github = await startOAuthServer();
    const fresh = await createTestDatabase();
    web = await startTestWeb(fresh.database, {
      env: {
        GITHUB_CLIENT_ID: github.clientId,
        GITHUB_CLIENT_SECRET: github.clientSecret,
        GITHUB_URL: github.url,
      },
    });
  });
  afterAll(async () => {
    await web.close();
    await dropTestDatabase(web.kernel.database);
    await github.close();
  });
  beforeEach(() => github.signInAs(null));

  /** What a browser does from the button on: token against forgery, redirect there, consent, redirect back. */
  async function signIn(browser: Browser, callbackUrl = '/p/default/sessions'): Promise<Response> {
    const { csrfToken }: { csrfToken: string } = await (
      await browser.visit(web.url, '/api/auth/csrf')
    ).json();
    const start = await browser.visit(web.url, '/api/auth/signin/github', {
      method: 'POST',
      body: new URLSearchParams({ csrfToken, callbackUrl, json: 'true' }),
    });
    const { url: authorization }: { url: string } = await start.json();
    expect(authorization).toContain(`${github.url}/login/oauth/authorize`);
    const consent = await browser.visit(web.url, authorization);
    return browser.visit(web.url, consent.headers.get('location') ?? '');
  }

  /** next-auth leads a failure through addresses of its own to our page. */
  async function expectFailurePage(browser: Browser, back: Response): Promise<void> {
    let location = back.headers.get('location') ?? '';
    for (let hop = 0; hop < 3 && location.includes('/api/auth/'); hop += 1) {
      location = (await browser.visit(web.url, location)).headers.get('location') ?? '';
    }
    const page = new URL(location, web.url);
    expect([page.origin, page.pathname]).toEqual([web.url, '/sign-in']);
    expect(page.searchParams.get('error')).toMatch(/^\w+$/);
    expect(await me(web, { cookie: browser.cookieHeader })).toBe(401);
  }

  test('the first person becomes administrator of default, later ones belong to nothing', async () => {
    github.signInAs({ id: 1, login: 'ada', name: 'Ada', privateEmail: 'ada@example.test' });
    const ada = new Browser();
    const back = await signIn(ada);
    expect(back.headers.get('location')).toBe(`${web.url}/p/default/sessions`);
    expect(await me(web, { cookie: ada.cookieHeader })).toMatchObject({
      name: 'Ada',
      projects: [{ slug: 'default', role: 'admin' }],
    });
    const stored = await web.kernel.database.prisma.user.findUnique({ where: { subject: 'github:1' } });
    expect(stored).toMatchObject({ email: 'ada@example.test', imageUrl: 'https://avatars.invalid/1' });

    github.signInAs({ id: 2, login: 'bob' });
    const bob = new Browser();
    await signIn(bob);
    expect(await me(web, { cookie: bob.cookieHeader })).toMatchObject({ name: 'bob', projects: [] });
  });

  test('a renamed account is the same person', async () => {
    github.signInAs({ id: 7, login: 'old-name' });
    await signIn(new Browser());
    github.signInAs({ id: 7, login: 'new-name' });
    const browser = new Browser();
    await signIn(browser);
    expect(await me(web, { cookie: browser.cookieHeader })).toMatchObject({ name: 'new-name' });
    expect(await web.kernel.database.prisma.user.count({ where: { subject: 'github:7' } })).toBe(1);
  });

  test('an invitation by login or confirmed address is taken up at the sign-in, by nobody else', async () => {
    const projectId = await web.project('invited');
    const invite = (who: string) => addMember(web.kernel, { projectId, actor: 'Ada', who, role: 'operator' });
    await invite('Grace');
    await invite('hopper@example.test');
    const projectsOf = async (account: Account) => {
      github.signInAs(account);
      const browser = new Browser();
      await signIn(browser);
      const found = await me(web, { cookie: browser.cookieHeader });
      return typeof found === 'number' ? found : found.projects;
    };
    // Whoever calls themselves that, or claims the address without owning it.
    const impostor = { id: 20, login: 'mallory', name: 'grace', email: 'hopper@example.test' };
    expect(await projectsOf({ ...impostor, claimedEmail: 'hopper@example.test' })).toEqual([]);
    const role = [expect.objectContaining({ slug: 'invited', role: 'operator' })];
    expect(await projectsOf({ id: 21, login: 'grace' })).toEqual(role);
    expect(await projectsOf({ id: 22, login: 'h', privateEmail: 'Hopper@example.test' })).toEqual(role);
  });

  test('a login that was given up belongs to who has it now', async () => {
    const projectId = await web.project('renamed');
    for (const account of [
      { id: 30, login: 'shared' },
      { id: 31, login: 'shared' },
    ]) {
      github.signInAs(account);
      await signIn(new Browser());
    }
    const added = await addMember(web.kernel, { projectId, actor: 'Ada', who: 'shared', role: 'viewer' });
    const { subject } = await web.kernel.database.prisma.user.findUniqueOrThrow({ where: { id: added.id } });
    expect(subject).toBe('github:31');
  });

  test('a refusal leads back to the sign-in page', async () => {
    const browser = new Browser();
    await expectFailurePage(browser, await signIn(browser));
  });

  test('an answer that this browser did not ask for is refused', async () => {
    github.signInAs({ id: 3, login: 'mallory' });
    const mallory = new Browser();
    const { csrfToken }: { csrfToken: string } = await (
      await mallory.visit(web.url, '/api/auth/csrf')
    ).json();
    const start = await mallory.visit(web.url, '/api/auth/signin/github', {
      method: 'POST',
      body: new URLSearchParams({ csrfToken, callbackUrl: '/', json: 'true' }),
    });
    const { url }: { url: string } = await start.json();
    const consent = await mallory.visit(web.url, url);
    const victim = new Browser();
    const back = await victim.visit(web.url, consent.headers.get('location') ?? '');
    await expectFailurePage(victim, back);
  });

  test('starting needs the token against forgery, and leads back to this origin only', async () => {
    github.signInAs({ id: 4, login: 'eve' });
    const blind = await new Browser().visit(web.url, '/api/auth/signin/github', {
      method: 'POST',
      body: new URLSearchParams({ json: 'true' }),
    });
    expect(await blind.text()).not.toContain('/login/oauth/authorize');
    const back = await signIn(new Browser(), 'https://evil.example/');
    expect(back.headers.get('location')).not.toContain('evil');
  });

  test('signing out ends it in this browser', async () => {
    github.signInAs({ id: 5, login: 'eve' });
    const browser = new Browser();
    await signIn(browser);
    const { csrfToken }: { csrfToken: string } = await (
      await browser.visit(web.url, '/api/auth/csrf')
    ).json();
    await browser.visit(web.url, '/api/auth/signout', {
      method: 'POST',
      body: new URLSearchParams({ csrfToken, json: 'true' }),
    });
    expect(await me(web, { cookie: browser.cookieHeader })).toBe(401);
  });
});

describe('trusted proxy', () => {
  let web: TestWeb;
  beforeAll(async () => {
    web = await startTestWeb(db.database, { env: { TARS_PROXY_HEADERS: 'x-auth-user,x-auth-email' } });
  });
  afterAll(() => web.close());

  test('names the person; twice the same person', async () => {
    const headers = { 'x-auth-user': 'grace', 'x-auth-email': 'grace@example.test' };
    expect(await me(web, headers)).toMatchObject({ name: 'grace', kind: 'user' });
    expect(await me(web, headers)).toMatchObject({ name: 'grace' });
    const users = await db.database.prisma.user.findMany({ where: { subject: 'proxy:grace' } });
    expect(users.map((user) => user.email)).toEqual(['grace@example.test']);
  });

  test('an empty or overlong name is nobody', async () => {
    expect(await me(web, { 'x-auth-user': ' ' })).toBe(401);
    expect(await me(web, { 'x-auth-user': 'x'.repeat(500) })).toBe(401);
  });

  test('without the setting the headers are ignored', async () => {
    const plain = await startTestWeb(db.database);
    expect(await me(plain, { 'x-auth-user': 'grace' })).toBe(401);
    await plain.close();
  });
});

describe('API keys', () => {
  let web: TestWeb;
  let projectId: string;
  beforeAll(async () => {
    web = await startTestWeb(db.database);
    projectId = await web.project('keys');
  });
  afterAll(() => web.close());

  /** Asks until the answer changes: look-ups are believed for a moment. */
  async function until(wanted: number, ask: () => Promise<number>): Promise<number> {
    const deadline = Date.now() + PRINCIPAL_CACHE_MS * 3;
    let status = await ask();
    while (status !== wanted && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      status = await ask();
    }
    return status;
  }

  test('a key works as Bearer and as the password of Basic, and is stored hashed', async () => {
    const { key, item } = await createApiKey(web.kernel, {
      projectId,
      actor: 'test',
      name: 'sns',
      scope: 'viewer',
    });
    expect(await me(web, { authorization: `Bearer ${key}` })).toMatchObject({
      kind: 'key',
      projects: [{ slug: 'keys', role: 'viewer' }],
    });
    const basic = Buffer.from(`anyone:${key}`).toString('base64');
    expect(await me(web, { authorization: `Basic ${basic}` })).toMatchObject({ kind: 'key' });
    const row = await db.database.prisma.apiKey.findUniqueOrThrow({ where: { id: item.id } });
    expect(JSON.stringify(row)).not.toContain(key);
    expect(key.startsWith(row.prefix)).toBe(true);
  });

  test.each(['Bearer nonsense', 'Bearer', 'Basic !!!', 'Digest x', 'Bearer tars_short'])(
    'a header that is no key of ours is 401 even with a valid cookie: %s',
    async (authorization) => {
      const cookie = await web.cookie({ [projectId]: 'admin' });
      expect(await me(web, { cookie, authorization })).toBe(401);
    },
  );

  test('a revoked key stops working', async () => {
    const { key, item } = await createApiKey(web.kernel, {
      projectId,
      actor: 'test',
      name: 'old',
      scope: 'viewer',
    });
    const ask = async () =>
      (await fetch(`${web.url}/api/v1/openapi.json`, { headers: { authorization: `Bearer ${key}` } })).status;
    expect(await ask()).toBe(200);
    await revokeApiKey(web.kernel, { projectId, actor: 'test', id: item.id });
    expect(await until(401, ask)).toBe(401);
  });

  test('a key of another project cannot be revoked', async () => {
    const { item } = await createApiKey(web.kernel, {
      projectId,
      actor: 'test',
      name: 'safe',
      scope: 'viewer',
    });
    const other = await web.project('keys-other');
    await expect(
      revokeApiKey(web.kernel, { projectId: other, actor: 'test', id: item.id }),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('a person who was removed from a project loses access to it', async () => {
    const cookie = await web.cookie({ [projectId]: 'viewer' });
    const ask = async () => (await fetch(`${web.url}/api/v1/openapi.json`, { headers: { cookie } })).status;
    expect(await ask()).toBe(200);
    await db.database.prisma.membership.deleteMany({ where: { projectId, role: 'viewer' } });
    expect(await until(403, ask)).toBe(403);
  });
});
