import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { FIXTURE_SECRET_TEXT } from '#test/mcp-servers/create-fixture-server.ts';
import { eventually, processesWithEnvironment } from '#test/mcp-servers/find-processes.ts';
import { FIXTURE_MARK, stdioFixture, urlFixture } from '#test/mcp-servers/fixture-config.ts';
import { FIXTURE_TOOLS } from '#test/mcp-servers/fixture-tools.ts';
import { startBurstServer } from '#test/mcp-servers/start-burst-server.ts';
import {
  type HttpFixture,
  type HttpFixtureOptions,
  startHttpFixture,
} from '#test/mcp-servers/start-http-fixture.ts';
import { type OpenToolboxOptions, openToolbox, type Toolbox } from './open-toolbox.ts';

const logger = pino({ level: 'silent' });
const toolboxes: Toolbox[] = [];
const fixtures: HttpFixture[] = [];

afterEach(async () => {
  await Promise.all(toolboxes.splice(0).map((toolbox) => toolbox.close()));
  await Promise.all(fixtures.splice(0).map((fixture) => fixture.close()));
});

async function open(
  servers: OpenToolboxOptions['servers'],
  extra: Partial<OpenToolboxOptions> = {},
): Promise<Toolbox> {
  const signal = new AbortController().signal;
  const toolbox = await openToolbox({
    servers,
    env: process.env,
    executionId: 'e1',
    signal,
    logger,
    connectTimeoutMs: 10_000,
    ...extra,
  });
  toolboxes.push(toolbox);
  return toolbox;
}

async function startFixture(options: HttpFixtureOptions = {}): Promise<HttpFixture> {
  const fixture = await startHttpFixture(options);
  fixtures.push(fixture);
  return fixture;
}

function call(toolbox: Toolbox, wireName: string, args: Record<string, unknown> = {}, signal?: AbortSignal) {
  return toolbox.call({ wireName, arguments: args, signal: signal ?? new AbortController().signal });
}

function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8').trim().split('\n');
}

function newFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'tars-mcp-')), 'written.txt');
}

type Kind = 'stdio' | 'http' | 'http with JSON answers' | 'sse';

async function serverOf(kind: Kind) {
  if (kind === 'stdio') return stdioFixture().config;
  const fixture = await startFixture({ jsonResponses: kind === 'http with JSON answers' });
  return kind === 'sse' ? urlFixture('sse', fixture.sseUrl) : urlFixture('http', fixture.url);
}

describe.each<Kind>(['stdio', 'http', 'http with JSON answers', 'sse'])('a toolbox over %s', (kind) => {
  it('lists tools with their hints and calls them', async () => {
    const toolbox = await open({ box: await serverOf(kind) });
    expect(toolbox.unavailable).toEqual([]);
    const byName = new Map(toolbox.tools.map((tool) => [tool.name, tool]));
    expect(byName.get('echo')).toMatchObject({ wireName: 'box__echo', readOnly: true, destructive: false });
    expect(byName.get('write')).toMatchObject({ wireName: 'box__write', readOnly: false, destructive: true });
    const outcome = await call(toolbox, 'box__add', { a: 2, b: 40 });
    expect(outcome).toMatchObject({ status: 'completed', text: '42', isToolError: false });
  });

  it('reports a tool error as the tool wrote it', async () => {
    const toolbox = await open({ box: await serverOf(kind) });
    const outcome = await call(toolbox, 'box__fail', { message: 'no such pod' });
    expect(outcome).toMatchObject({
      status: 'failed',
      isToolError: true,
      errorCode: 'tool',
      text: 'no such pod',
    });
  });

  it('describes pictures and shows the text of resources', async () => {
    const toolbox = await open({ box: await serverOf(kind) });
    const { text } = await call(toolbox, 'box__image');
    expect(text).toBe(
      'one pixel\n[image 1: image/png, 70 bytes, 1×1; shown to people only]\n[resource fixture://notes]\nnotes inside',
    );
  });

  it('takes ten megabytes whole', async () => {
    const toolbox = await open({ box: await serverOf(kind) });
    const outcome = await call(toolbox, 'box__big', { bytes: 10_000_000 });
    expect(outcome.status).toBe('completed');
    expect(outcome.text.length).toBe(10_000_000);
    expect(outcome.text.startsWith('line 1 x')).toBe(true);
  });

  it('refuses more than 32 MB with a clear text and stays usable', async () => {
    const toolbox = await open({ box: await serverOf(kind) });
    const [big, small] = await Promise.all([
      call(toolbox, 'box__big', { bytes: 34_000_000 }),
      call(toolbox, 'box__echo', { text: 'beside it' }),
    ]);
    expect(big).toMatchObject({ status: 'failed', errorCode: 'too_large' });
    expect(big.text).toContain('larger than the limit of 32 MB');
    expect(small.text).toBe('beside it');
    expect((await call(toolbox, 'box__echo', { text: 'after it' })).text).toBe('after it');
  });

  it('survives an answer of the wrong shape', async () => {
    const toolbox = await open({ box: await serverOf(kind) });
    const outcome = await call(toolbox, 'box__malformed', { kind: 'shape' });
    expect(outcome).toMatchObject({ status: 'failed', errorCode: 'protocol' });
    expect((await call(toolbox, 'box__echo', { text: 'still here' })).text).toBe('still here');
  });

  it('times out by the configuration of the server and goes on', async () => {
    const config = { ...(await serverOf(kind)), timeout: 400 };
    const toolbox = await open({ box: config });
    const outcome = await call(toolbox, 'box__slow', { ms: 30_000 });
    expect(outcome).toMatchObject({ status: 'timed_out', errorCode: 'timeout', isToolError: false });
    expect(outcome.text).toContain('0.4 s');
    expect((await call(toolbox, 'box__echo', { text: 'on' })).text).toBe('on');
  });

  it('ends a call at once when it is cancelled', async () => {
    const toolbox = await open({ box: await serverOf(kind) });
    const abort = new AbortController();
    const pending = call(toolbox, 'box__slow', { ms: 30_000 }, abort.signal);
    setTimeout(() => abort.abort(), 200);
    expect(await pending).toMatchObject({ status: 'cancelled', errorCode: 'cancelled' });
  });

  it('runs calls of one server side by side', async () => {
    const toolbox = await open({ box: await serverOf(kind) });
    const order: string[] = [];
    await Promise.all([
      call(toolbox, 'box__slow', { ms: 1_500 }).then(() => order.push('slow')),
      call(toolbox, 'box__echo', { text: 'x' }).then(() => order.push('echo')),
    ]);
    expect(order).toEqual(['echo', 'slow']);
  });

  it('repeats a read-only call once on a new connection when the server dies in it', async () => {
    const toolbox = await open({ box: await serverOf(kind) });
    const outcome = await call(toolbox, 'box__crash');
    expect(outcome).toMatchObject({ status: 'failed', errorCode: 'connection', isToolError: false });
    expect((await call(toolbox, 'box__echo', { text: 'back' })).text).toBe('back');
  });
});

describe('progress', () => {
  it('is forwarded masked and extends no timeout', async () => {
    const toolbox = await open(
      { box: stdioFixture({}, 900).config },
      { maskerFor: () => ({ text: (text) => text.replaceAll('step', '****') }) },
    );
    const notes: string[] = [];
    const outcome = await toolbox.call({
      wireName: 'box__slow',
      arguments: { ms: 4_000 },
      signal: new AbortController().signal,
      onProgress: (progress) => notes.push(`${progress.progress}/${progress.total} ${progress.message}`),
    });
    expect(outcome.status).toBe('timed_out');
    expect(notes[0]).toBe('1/10 **** 1 of 10');
  });
});

describe.each(['stdio', 'http', 'sse'] as const)('live output over %s', (kind) => {
  it('is what progress and log messages say, masked, complete when the call has ended', async () => {
    const toolbox = await open(
      { box: await serverOf(kind) },
      { maskerFor: () => ({ text: (text) => text.replaceAll(/hunter2\S*/g, '****') }) },
    );
    const output: string[] = [];
    const outcome = await toolbox.call({
      wireName: 'box__talk',
      arguments: { lines: 5 },
      signal: new AbortController().signal,
      onOutput: (text) => output.push(text),
    });
    expect(outcome).toMatchObject({ status: 'completed', text: 'scanned 5 shards' });
    expect(output.join('')).toBe(
      [
        'scanned shard 1',
        'shard 2 has password=**** in it',
        'scanned shard 3',
        'shard 4 has password=**** in it',
        'scanned shard 5',
        '',
      ].join('\n'),
    );
  });
});

it('what a server says in one piece with its answer is heard', async () => {
  const server = await startBurstServer();
  onTestFinished(() => server.close());
  const toolbox = await open({ box: urlFixture('sse', server.url) });
  const output: string[] = [];
  const progress: string[] = [];
  const outcome = await toolbox.call({
    wireName: 'box__burst',
    arguments: {},
    signal: new AbortController().signal,
    onOutput: (text) => output.push(text),
    onProgress: ({ message }) => progress.push(message),
  });
  expect(outcome).toMatchObject({ status: 'completed', text: 'done' });
  expect(output.join('')).toBe('shard 1\nhalf of it\nshard 2\n');
  expect(progress).toEqual(['shard 1', 'shard 2']);
});

describe('calls that change something', () => {
  it('are not repeated when the connection was lost after they may have started', async () => {
    const fixture = await startFixture();
    const toolbox = await open({ box: urlFixture('http', fixture.url) });
    const path = newFile();
    fixture.dropNextCalls(1, 'during');
    const outcome = await call(toolbox, 'box__write', { path, text: 'once', delayMs: 500 });
    expect(outcome).toMatchObject({ status: 'failed', errorCode: 'connection' });
    expect(outcome.text).toContain('unknown whether the call took effect');
    expect(linesOf(path)).toEqual(['once']);
  });

  it('are repeated when the server had forgotten the session, since it refused them', async () => {
    const fixture = await startFixture();
    const toolbox = await open({ box: urlFixture('http', fixture.url) });
    const path = newFile();
    fixture.forgetSessions();
    expect(await call(toolbox, 'box__write', { path, text: 'once' })).toMatchObject({ status: 'completed' });
    expect(linesOf(path)).toEqual(['once']);
    expect(fixture.sessionCount()).toBe(1);
  });

  it('are repeated when nobody listened', async () => {
    const fixture = await startHttpFixture();
    const toolbox = await open({ box: urlFixture('http', fixture.url) });
    const path = newFile();
    await fixture.close();
    // Whichever way the loss is noticed first (a pooled socket that closed leaves it open what was sent) …
    expect(await call(toolbox, 'box__echo', { text: 'x' })).toMatchObject({ errorCode: 'connection' });
    // … from then on nothing can have been sent.
    const down = await call(toolbox, 'box__write', { path, text: 'lost' });
    expect(down).toMatchObject({ status: 'failed', errorCode: 'connection' });
    expect(down.text).not.toContain('unknown whether');
    await startFixture({ port: fixture.port });
    expect(await call(toolbox, 'box__write', { path, text: 'once' })).toMatchObject({ status: 'completed' });
    expect(linesOf(path)).toEqual(['once']);
  });

  it('leave the line and tell the server when they are cancelled', async () => {
    const fixture = await startFixture();
    const toolbox = await open({ box: urlFixture('http', fixture.url) });
    const path = newFile();
    const abort = new AbortController();
    const pending = call(toolbox, 'box__write', { path, text: 'once', delayMs: 20_000 }, abort.signal);
    await eventually(() => fixture.calls.length === 1, 'the call started');
    abort.abort();
    expect((await pending).text).toContain('unknown whether the call took effect');
    await eventually(() => fixture.cancelled.includes('write'), 'the server heard of the cancellation');
  });
});

describe('read-only calls', () => {
  it.each(['before', 'during'] as const)(
    'are repeated once when the socket is cut %s execution',
    async (when) => {
      const fixture = await startFixture();
      const toolbox = await open({ box: urlFixture('http', fixture.url) });
      fixture.dropNextCalls(1, when);
      const outcome = await call(toolbox, 'box__slow', { ms: 400 });
      expect(outcome).toMatchObject({ status: 'completed', text: 'slept 400 ms' });
      expect(fixture.calls.length).toBe(when === 'before' ? 1 : 2);
    },
  );

  it('are repeated exactly once', async () => {
    const fixture = await startFixture();
    const toolbox = await open({ box: urlFixture('http', fixture.url) });
    fixture.dropNextCalls(2, 'before');
    expect(await call(toolbox, 'box__echo', { text: 'x' })).toMatchObject({
      status: 'failed',
      errorCode: 'connection',
    });
    expect(fixture.calls.length).toBe(0);
    expect((await call(toolbox, 'box__echo', { text: 'x' })).text).toBe('x');
  });
});

describe('servers that cannot be used', () => {
  it('are listed with a masked reason while the others work', async () => {
    const masker = { text: (text: string) => text.replaceAll(/hunter2\S*/g, '[gone]') };
    const toolbox = await open(
      {
        good: stdioFixture().config,
        missing: { transport: { type: 'stdio', command: '/nonexistent/server', args: [], env: {} } },
        broken: stdioFixture({ FIXTURE_EXIT_AT_START: '1' }).config,
        refused: urlFixture('http', 'http://127.0.0.1:9/mcp'),
        sse: urlFixture('sse', 'http://127.0.0.1:9/sse'),
      },
      { maskerFor: () => masker, selection: undefined },
    );
    const errors = new Map(toolbox.unavailable.map(({ server, error }) => [server, error]));
    expect([...errors.keys()].sort()).toEqual(['broken', 'missing', 'refused', 'sse']);
    expect(errors.get('missing')).toContain('cannot start "/nonexistent/server"');
    expect(errors.get('broken')).toContain('exited with code 3');
    expect(errors.get('broken')).toContain('password=[gone] is wrong');
    expect((await call(toolbox, 'good__echo', { text: 'fine' })).text).toBe('fine');
    expect(await call(toolbox, 'refused__echo')).toMatchObject({
      status: 'failed',
      errorCode: 'unavailable',
    });
  });

  it('hang no longer than the connect timeout, and leave no process', async () => {
    const { config, mark } = stdioFixture({ FIXTURE_HANG_AT_START: '1' });
    const toolbox = await open({ box: config }, { connectTimeoutMs: 700 });
    expect(toolbox.unavailable).toEqual([
      { server: 'box', error: expect.stringContaining('no answer within 0.7 s') },
    ]);
    await eventually(() => processesWithEnvironment(FIXTURE_MARK, mark).length === 0, 'no process left');
  });

  it('are tried once more when asked', async () => {
    const fixture = await startHttpFixture();
    await fixture.close();
    const toolbox = await open({ box: urlFixture('http', fixture.url) });
    expect(toolbox.tools).toEqual([]);
    await startFixture({ port: fixture.port });
    expect((await call(toolbox, 'box__add', { a: 1, b: 1 })).text).toBe('2');
    expect(toolbox.unavailable).toEqual([]);
  });

  it('are told apart when the credentials are wrong', async () => {
    const fixture = await startFixture({ token: 'right' });
    const headers = { Authorization: 'Bearer right' };
    const toolbox = await open({
      in: urlFixture('http', fixture.url, headers),
      sse: urlFixture('sse', fixture.sseUrl, headers),
      out: urlFixture('http', fixture.url, { Authorization: 'Bearer wrong' }),
    });
    expect(toolbox.unavailable.map(({ server }) => server)).toEqual(['out']);
    fixture.answerWithStatus(403);
    expect(await call(toolbox, 'in__echo', { text: 'x' })).toMatchObject({
      status: 'failed',
      errorCode: 'auth',
    });
  });
});

describe('the selection', () => {
  it('limits servers and tools, also when they are called', async () => {
    const fixture = await startFixture({ pageSize: 3 });
    const toolbox = await open(
      { a: urlFixture('http', fixture.url), b: urlFixture('http', fixture.url) },
      { selection: [{ server: 'a', tools: ['echo', 'slow'] }, { server: 'nowhere' }] },
    );
    expect(toolbox.tools.map((tool) => tool.wireName)).toEqual(['a__echo', 'a__slow']);
    expect(toolbox.unavailable).toEqual([
      { server: 'nowhere', error: 'no server of this name is configured' },
    ]);
    const outcome = await call(toolbox, 'a__write', { path: '/dev/null', text: 'x' });
    expect(outcome).toMatchObject({ status: 'failed', errorCode: 'unknown_tool' });
    expect(await call(toolbox, 'b__echo', { text: 'x' })).toMatchObject({ errorCode: 'unknown_tool' });
    expect(fixture.calls).toEqual([]);
  });

  it('reads every page of a long list', async () => {
    const fixture = await startFixture({ pageSize: 3 });
    const toolbox = await open({ a: urlFixture('http', fixture.url) });
    expect(toolbox.tools.map((tool) => tool.name)).toEqual(FIXTURE_TOOLS.map((tool) => tool.name));
  });
});

describe('masking', () => {
  const masker = { text: (text: string) => text.replaceAll(/hunter2\S*/g, '[gone]') };

  it('covers descriptions, results and errors', async () => {
    const toolbox = await open({ box: stdioFixture().config }, { maskerFor: () => masker });
    const secret = toolbox.tools.find((tool) => tool.name === 'secret');
    expect(secret?.description).toContain('password=[gone]');
    expect((await call(toolbox, 'box__secret')).text).toBe(
      FIXTURE_SECRET_TEXT.replace('hunter2-fixture-password', '[gone]'),
    );
    expect((await call(toolbox, 'box__fail', { message: 'hunter2' })).text).toBe('[gone]');
  });

  it('withholds a result that cannot be masked', async () => {
    const throws = () => {
      throw new Error('mask bug');
    };
    const toolbox = await open({ box: stdioFixture().config }, { maskerFor: () => ({ text: throws }) });
    const outcome = await call(toolbox, 'box__secret');
    expect(outcome).toMatchObject({ status: 'failed', errorCode: 'masking_failed' });
    expect(outcome.text).not.toContain('hunter2');
    expect(toolbox.tools.every((tool) => !tool.description.includes('hunter2'))).toBe(true);
  });
});

describe('resources', () => {
  const masker = { text: (text: string) => text.replaceAll(/hunter2\S*/g, '[gone]') };

  it('are listed and read, masked', async () => {
    const toolbox = await open({ box: stdioFixture().config }, { maskerFor: () => masker });
    const signal = new AbortController().signal;
    expect(await toolbox.listResources('box', signal)).toEqual([
      { server: 'box', uri: 'fixture://notes', name: 'notes', description: '', mimeType: 'text/plain' },
    ]);
    const read = await toolbox.readResource({ server: 'box', uri: 'fixture://notes', signal });
    expect(read).toMatchObject({ status: 'completed', text: '[resource fixture://notes]\npassword=[gone]' });
    expect(await toolbox.listResources('other', signal)).toEqual([]);
    expect(await toolbox.readResource({ server: 'other', uri: 'x', signal })).toMatchObject({
      status: 'failed',
    });
  });
});
