import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GitHubServer, startGitHubServer } from '#test/github-server/start-github-server.ts';
import { type FetchTextOptions, fetchText } from './fetch-text.ts';
import { RunbookError } from './runbook-error.ts';

let server: GitHubServer;
beforeAll(async () => {
  server = await startGitHubServer();
  server.page('/silent.md', () => undefined);
  server.page('/endless.md', (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('first');
  });
});
afterAll(() => server.close());

const read = (path: string, options: Partial<FetchTextOptions> = {}) =>
  fetchText({
    plan: { url: `${server.url}${path}`, headers: {}, trustedHost: null },
    allowedDomains: ['127.0.0.1'],
    maxBytes: 1_000,
    etag: null,
    signal: new AbortController().signal,
    ...options,
  });

describe('a host that does not answer', () => {
  test.each(['/silent.md', '/endless.md'])('is given up: %s', async (path) => {
    const failure: unknown = await read(path, { limits: { requestMs: 50, totalMs: 400 } }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(RunbookError);
    expect(String(failure)).toContain('did not answer in time');
  });

  test('is left at once when the run is stopped', async () => {
    const run = new AbortController();
    const reading = read('/silent.md', {
      signal: run.signal,
      limits: { requestMs: 60_000, totalMs: 60_000 },
    });
    run.abort(new Error('cancelled by a person'));
    await expect(reading).rejects.toThrow('cancelled by a person');
  });

  test('is not waited for longer than a run can wait', async () => {
    let calls = 0;
    server.page('/later.md', (response) => {
      calls += 1;
      response.writeHead(429, { 'retry-after': '3600' }).end();
    });
    await expect(read('/later.md')).rejects.toThrow('answered 429');
    expect(calls).toBe(1);
  });
});

test('what is shown of an address is without its query', async () => {
  const failure = await read('/nowhere.md?token=hunter2').catch((error: unknown) => String(error));
  expect(failure).toContain('/nowhere.md answered 404');
  expect(failure).not.toContain('hunter2');
});

test('a byte order mark is no part of the text', async () => {
  server.page('/bom.md', (response) => response.end('\ufeff# Title'));
  expect(await read('/bom.md')).toMatchObject({ text: '# Title' });
});
