import { createServer } from 'node:http';
import { pino } from 'pino';
import { afterAll, afterEach, expect, test } from 'vitest';
import { type Certificates, makeCertificates } from '#test/mcp-servers/make-certificates.ts';
import { startHttpFixture } from '#test/mcp-servers/start-http-fixture.ts';
import type { ServerTls } from './open-server-fetch.ts';
import { openToolbox } from './open-toolbox.ts';

const authority: Certificates = makeCertificates();
const stranger: Certificates = makeCertificates();
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
afterAll(() => {
  authority.remove();
  stranger.remove();
});

async function connect(type: 'http' | 'sse', tls: ServerTls) {
  const fixture = await startHttpFixture({ tls: authority });
  const url = type === 'http' ? fixture.url : fixture.sseUrl;
  const cleanupUrl = new URL('/runs/e1', url).href;
  const toolbox = await openToolbox({
    servers: { box: { transport: { type, url, headers: { 'X-Run': 'e1' }, cleanupUrl, ...tls } } },
    env: process.env,
    executionId: 'e1',
    signal: new AbortController().signal,
    logger: pino({ level: 'silent' }),
  });
  open.push(toolbox, fixture);
  return { toolbox, fixture };
}

test.each(['http', 'sse'] as const)('a server over %s is known by its caFile', async (type) => {
  const { toolbox, fixture } = await connect(type, { caFile: authority.caFile });
  expect(toolbox.unavailable).toEqual([]);
  const signal = new AbortController().signal;
  const outcome = await toolbox.call({ wireName: 'box__add', arguments: { a: 2, b: 40 }, signal });
  expect(outcome).toMatchObject({ status: 'completed', text: '42' });
  expect(fixture.runs.get('e1')).toBeGreaterThan(1);
  await toolbox.close({ over: true });
  expect(fixture.cleanedUp).toEqual(['e1']);
});

test.each([
  ['without its authority', {}],
  ['with the authority of another', { caFile: stranger.caFile }],
])('is not spoken to %s, and the reason is said', async (_how, tls) => {
  const { toolbox, fixture } = await connect('http', tls);
  expect(toolbox.unavailable).toEqual([
    { server: 'box', error: expect.stringMatching(/self-signed certificate/) },
  ]);
  expect(fixture.runs.size).toBe(0);
});

test('a file that has gone is named', async () => {
  const { toolbox } = await connect('http', { caFile: '/nowhere/ca.pem' });
  expect(toolbox.unavailable[0]?.error).toContain('/nowhere/ca.pem');
});

test('connectTimeout ends the wait for a server that says nothing', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/mcp`;
  const toolbox = await openToolbox({
    servers: { box: { transport: { type: 'http', url, headers: {} }, connectTimeout: 150 } },
    env: process.env,
    executionId: 'e1',
    signal: new AbortController().signal,
    logger: pino({ level: 'silent' }),
  });
  open.push(toolbox, { close: () => new Promise<void>((resolve) => silent.close(() => resolve())) });
  expect(toolbox.unavailable).toEqual([{ server: 'box', error: 'no answer within 0.15 s' }]);
});

test('tlsVerify: false asks for nothing', async () => {
  const { toolbox } = await connect('http', { tlsVerify: false });
  expect(toolbox.unavailable).toEqual([]);
  expect(toolbox.tools.length).toBeGreaterThan(3);
});
