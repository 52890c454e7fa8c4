import { mkdir, symlink, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GitHubServer, startGitHubServer } from '#test/github-server/start-github-server.ts';
import { createTestKernel, writeConfig } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { rowsOf } from '#test/runs.ts';
import { listRunbooks } from './list-runbooks.ts';
import { loadRunbook } from './load-runbook.ts';

const db = useTestDatabase();
let github: GitHubServer;
let kernel: Awaited<ReturnType<typeof createTestKernel>>;
const signal = new AbortController().signal;

beforeAll(async () => {
  github = await startGitHubServer();
  const configDir = await writeConfig({});
  await mkdir(join(configDir, 'runbooks/shop'), { recursive: true });
  await writeFile(join(configDir, 'runbooks/shop/local.md'), '# Local\n\npassword=hunter2hunter2');
  await writeFile(join(configDir, 'runbooks/notes.txt'), 'no runbook');
  await symlink('/etc/hostname', join(configDir, 'runbooks/escape.md'));
  kernel = await createTestKernel(db.database, {}, { TARS_CONFIG: configDir });
});
afterAll(() => github.close());
beforeEach(async () => {
  github.breakDown(null);
  github.protect(null);
  await configure();
  await db.database.pool.query('delete from runbook_cache');
});

const configure = (changes: Record<string, unknown> = {}) =>
  kernel.setConfig({
    runbooks: { repository: github.repository, allowedDomains: ['127.0.0.1'], ...changes },
  });
const load = (reference: string | null, fallback: string | null = null) =>
  loadRunbook(kernel, { reference, fallback, signal });
const age = () =>
  db.database.pool.query(`update runbook_cache set fetched_at = fetched_at - interval '1 hour'`);

describe('a runbook of the repository', () => {
  test('is read as text through the API, masked, and kept', async () => {
    github.put('books/k8s.md', '# Pods\n\nSee the logs. password: hunter2hunter2');
    const first = await load(github.blob('books/k8s.md'));
    expect(first).toMatchObject({ source: github.blob('books/k8s.md'), note: null });
    expect(first.text).toContain('See the logs.');
    expect(first.text).not.toContain('hunter2');
    const asked = github.requests.length;
    expect(await load(github.blob('books/k8s.md'))).toEqual(first);
    expect(github.requests).toHaveLength(asked);
    const [row] = await rowsOf<{ content: string }>(db.database, 'select content from runbook_cache');
    expect(row?.content).not.toContain('hunter2');
  });

  test('is asked for again after its time, by its mark; only a change is sent', async () => {
    github.put('books/k8s.md', 'first');
    await load(github.blob('books/k8s.md'));
    await age();
    expect((await load(github.blob('books/k8s.md'))).text).toBe('first');
    expect(github.requests.at(-1)).toMatchObject({ status: 304 });
    github.put('books/k8s.md', 'second');
    expect((await load(github.blob('books/k8s.md'))).text).toBe('first');
    await age();
    expect((await load(github.blob('books/k8s.md'))).text).toBe('second');
  });

  test('is the old copy when the source is down, and says so', async () => {
    github.put('books/k8s.md', 'steps');
    await load(github.blob('books/k8s.md'));
    await age();
    github.breakDown(503);
    const { text, note } = await load(github.blob('books/k8s.md'));
    expect(text).toBe('steps');
    expect(note).toMatch(/This is the copy of 20\d\d-.* UTC, because .* answered 503/);
    // The next session does not wait for a source that has just failed; a later one asks again.
    const asked = github.requests.length;
    expect(await load(github.blob('books/k8s.md'))).toMatchObject({ text, note });
    expect(github.requests).toHaveLength(asked);
    github.breakDown(null);
    await age();
    expect(await load(github.blob('books/k8s.md'))).toMatchObject({ text: 'steps', note: null });
  });

  test('of a private repository takes the token, which no other host and repository sees', async () => {
    github.put('books/k8s.md', 'secret steps');
    github.protect('ghp_secret');
    const refused = await load(github.blob('books/k8s.md'));
    expect(refused).toMatchObject({ text: null, note: expect.stringContaining('answered 404') });
    await configure({ token: 'ghp_secret' });
    expect((await load(github.blob('books/k8s.md'))).text).toBe('secret steps');
    github.page('/plain.md', (response) => response.end('plain'));
    await load(`${github.url}/plain.md`);
    await load(`${github.url}/other/repo/blob/main/a.md`);
    const [plain, other] = github.requests.slice(-2);
    expect(plain).toMatchObject({ path: '/plain.md', authorization: null });
    expect(other).toMatchObject({ path: expect.stringContaining('/repos/other/repo/'), authorization: null });
  });
});

describe('what cannot be read', () => {
  test('falls back to the default of the chain, then to none, with the reasons', async () => {
    github.put('books/default.md', 'default steps');
    const missing = github.blob('books/missing.md');
    const found = await load(missing, github.blob('books/default.md'));
    expect(found).toMatchObject({ text: 'default steps', source: github.blob('books/default.md') });
    expect(found.note).toContain(`The runbook ${missing} could not be read:`);
    expect(found.note).toContain(`${github.blob('books/default.md')} is used instead.`);
    const none = await load(missing, github.blob('books/gone.md'));
    expect(none).toMatchObject({ text: null, source: null });
    expect(none.note).toMatch(/missing\.md.*gone\.md/);
    expect(await load(null)).toEqual({ text: null, source: null, note: null });
  });

  test('is asked for again when that may help', async () => {
    let calls = 0;
    github.page('/flaky.md', (response) => {
      calls += 1;
      if (calls < 3) response.writeHead(calls === 1 ? 500 : 429, { 'retry-after': '0' }).end();
      else response.end('there');
    });
    expect(await load(`${github.url}/flaky.md`)).toMatchObject({ text: 'there', note: null });
    expect(calls).toBe(3);
    let refusals = 0;
    github.page('/refused.md', (response) => {
      refusals += 1;
      response.writeHead(403).end();
    });
    expect((await load(`${github.url}/refused.md`)).text).toBeNull();
    expect(refusals).toBe(1);
  });

  test.each([
    [
      'a web page',
      (r: ServerResponse) => r.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
      /web page/,
    ],
    ['a picture', (r: ServerResponse) => r.end(Buffer.from([0x89, 0x50, 0, 0])), /not a text/],
    ['a huge file', (r: ServerResponse) => r.end('x'.repeat(600_000)), /larger than 512 KB/],
    ['an empty file', (r: ServerResponse) => r.end('  \n'), /is empty/],
    ['a broken connection', (r: ServerResponse) => r.destroy(), /cannot be reached/],
  ])('%s is no runbook', async (name, send, note) => {
    github.page(`/${name}.md`, send);
    const found = await load(`${github.url}/${encodeURIComponent(name)}.md`);
    expect(found).toMatchObject({ text: null, note: expect.stringMatching(note) });
  });

  test('a rate limit that is used up is said with its end, and the copy stays in use', async () => {
    github.put('books/k8s.md', 'steps');
    await load(github.blob('books/k8s.md'));
    await age();
    const asked = github.requests.length;
    github.breakDown(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1900000000' });
    const { text, note } = await load(github.blob('books/k8s.md'));
    expect(text).toBe('steps');
    expect(note).toContain('its rate limit is used up until 2030-03-17 17:46 UTC');
    expect(github.requests).toHaveLength(asked + 1);
  });

  test('a limit that ends at once is waited for', async () => {
    let calls = 0;
    github.page('/secondary.md', (response) => {
      calls += 1;
      if (calls === 1) response.writeHead(403, { 'retry-after': '0' }).end();
      else response.end('there');
    });
    expect((await load(`${github.url}/secondary.md`)).text).toBe('there');
  });

  test('a folder is no runbook', async () => {
    github.put('books/deep/a.md', 'x');
    expect((await load(github.blob('books/deep'))).note).toContain('is a folder, not a file');
    github.remove('books/deep/a.md');
  });

  test('a redirect is followed to allowed hosts only, and not for ever', async () => {
    const lead = (path: string, location: string) =>
      github.page(path, (response) => response.writeHead(302, { location }).end());
    github.page('/target.md', (response) => response.end('target'));
    lead('/good.md', '/target.md');
    lead('/metadata.md', 'http://169.254.169.254/latest/meta-data');
    lead('/localhost.md', github.url.replace('127.0.0.1', 'localhost'));
    lead('/file.md', 'file:///etc/passwd');
    lead('/circle.md', '/circle.md');
    expect((await load(`${github.url}/good.md`)).text).toBe('target');
    for (const path of ['metadata', 'localhost', 'file']) {
      expect((await load(`${github.url}/${path}.md`)).note, path).toContain('it leads to');
    }
    expect((await load(`${github.url}/circle.md`)).note).toContain('leads on more than');
  });
});

describe("the installation's own runbooks", () => {
  test('are read without a network, masked', async () => {
    github.breakDown(500);
    const { text } = await load('shop/local.md');
    expect(text).toContain('# Local');
    expect(text).not.toContain('hunter2');
  });

  test('stay within their folder', async () => {
    expect((await load('escape.md')).note).toContain('there is no runbooks/escape.md');
    expect((await load('../test.yaml')).note).toContain('no address');
  });
});

describe('the list', () => {
  const list = async () => {
    const { entries, note } = await listRunbooks(kernel, { signal });
    return { paths: entries.map(({ path }) => path), entries, note };
  };

  test('holds the Markdown files of the folder and of the installation, recursively', async () => {
    for (const path of [
      'books/a.md',
      'books/deep/er/b.markdown',
      'books/pic.png',
      'books/.git/c.md',
      'other/d.md',
    ]) {
      github.put(path, 'x');
    }
    for (const path of ['books/k8s.md', 'books/default.md']) github.remove(path);
    const { paths, entries, note } = await list();
    expect(paths).toEqual(['a.md', 'deep/er/b.markdown', 'shop/local.md']);
    expect(note).toBeNull();
    expect(entries[1]).toEqual({
      name: 'b',
      path: 'deep/er/b.markdown',
      url: github.blob('books/deep/er/b.markdown'),
      source: 'repository',
    });
    const asked = github.requests.length;
    await list();
    expect(github.requests).toHaveLength(asked);
  });

  test('of a repository with thousands of other files holds its runbooks, and says what GitHub leaves out', async () => {
    const pictures = Array.from({ length: 2_500 }, (_, index) => `books/pictures/${index}.png`);
    for (const path of pictures) github.put(path, 'x');
    github.put('books/zz/last.md', 'x');
    const { paths, note } = await list();
    expect(paths).toContain('zz/last.md');
    expect(note).toBe('The folder is too large: of books/pictures GitHub names 1000 entries only.');
    for (const path of [...pictures, 'books/zz/last.md']) github.remove(path);
  });

  test('is old when the repository is down, and fails when there never was one', async () => {
    github.put('books/a.md', 'x');
    await list();
    await age();
    github.breakDown(500);
    expect(await list()).toMatchObject({ note: expect.stringContaining('answered 500') });
    await db.database.pool.query('delete from runbook_cache');
    await expect(list()).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('is empty without a repository, but for the own ones', async () => {
    await kernel.setConfig({});
    expect((await list()).paths).toEqual(['shop/local.md']);
  });
});
