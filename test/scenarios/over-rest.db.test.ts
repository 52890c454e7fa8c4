import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '#src/server/ids.ts';
import { useAgentRuns } from '../agent-runs.ts';
import { writeConfig } from '../kernel.ts';
import { urlFixture } from '../mcp-servers/fixture-config.ts';
import { waitForEnd } from '../runs.ts';
import { startTestWeb, type TestWeb } from '../web/start-test-web.ts';

/** What other programs and the dashboard read of real sessions: one completed, one failed, one that still runs. */

const runs = useAgentRuns();
const SECRET = 'zebra-trombone-77';
let web: TestWeb;
let keys: { viewer: string; operator: string; admin: string };
let sessions: { completed: string; failed: string; running: string };

const stages = [{ name: 'look', agents: ['kubernetes'] }];
const chainOf = (alertType: string) => ({
  alertTypes: [alertType],
  stages,
  executiveSummary: { enabled: false },
});
const config = () => ({
  defaults: { llmProvider: 'main' },
  llmProviders: { main: runs.provider({ apiKey: SECRET, pricePerMillion: { input: 10, output: 20 } }) },
  mcpServers: { box: urlFixture('http', runs.box.url) },
  runbooks: { allowedDomains: ['books.example'] },
  chains: { kubernetes: chainOf('Cpu'), disks: chainOf('Disk') },
});

beforeAll(async () => {
  const usage = { inputTokens: 1_000, outputTokens: 200 };
  const completed = await runs.run({
    config: config(),
    script: [{ text: 'The flux capacitor is empty.', usage }],
    alert: { alertType: 'Cpu', title: 'Cpu is hot', severity: 'critical' },
  });
  const failed = await runs.run({
    config: config(),
    script: () => ({ httpError: { status: 401, message: 'no such key' } }),
    alert: { alertType: 'Disk', title: 'Disk is full', severity: 'warning' },
  });
  const running = await runs.start({
    config: config(),
    script: [{ startGate: 'running', text: 'Done.' }],
    alert: { alertType: 'Disk', title: 'Disk is slow', severity: 'warning' },
  });
  await runs.model.waitForBlocked('running');
  sessions = { completed: completed.sessionId, failed: failed.sessionId, running };
  web = await startTestWeb(runs.database, { configDir: await writeConfig(config()) });
  const key = (scope: 'viewer' | 'operator' | 'admin') => web.key(runs.projectId, scope);
  keys = { viewer: await key('viewer'), operator: await key('operator'), admin: await key('admin') };
});
afterAll(() => web?.close());

async function call(path: string, key: keyof typeof keys = 'viewer', body?: unknown) {
  const response = await fetch(`${web.url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${keys[key]}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}
const pageSchema = z.object({
  items: z.array(z.object({ id: z.string() })),
  nextCursor: z.string().nullable(),
});
const page = async (query: string) => pageSchema.parse((await call(`/sessions${query}`)).body);
const idsOf = async (query: string) => (await page(query)).items.map(({ id }) => id);

describe('the list', () => {
  test('comes newest first, whole or in pages, and sorted as asked', async () => {
    const { completed, failed, running } = sessions;
    expect(await page('')).toMatchObject({
      items: [{ id: running }, { id: failed }, { id: completed }],
      nextCursor: null,
    });
    const first = await page('?limit=2');
    expect(first.items).toHaveLength(2);
    const second = await page(`?limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([running, failed, completed]);
    expect(second.nextCursor).toBeNull();
    expect(await idsOf('?sort=createdAt')).toEqual([completed, failed, running]);
    expect((await call('/sessions?limit=0')).status).toBe(400);
  });

  test('is narrowed by status, words, chain, type and severity', async () => {
    const { completed, failed, running } = sessions;
    expect(await idsOf('?status=failed')).toEqual([failed]);
    expect(await idsOf('?status=failed,completed')).toEqual([failed, completed]);
    expect(await idsOf('?q=flux%20capacitor')).toEqual([completed]);
    expect(await idsOf('?chain=disks')).toEqual([running, failed]);
    expect(await idsOf('?alertType=Cpu')).toEqual([completed]);
    expect(await idsOf('?severity=warning&status=running')).toEqual([running]);
    expect((await call('/sessions/filter-options')).body).toMatchObject({
      alertTypes: ['Cpu', 'Disk'],
      chains: ['disks', 'kubernetes'],
      severities: ['critical', 'warning'],
    });
  });

  test('of what is active has the one that runs', async () => {
    expect((await call('/sessions/active')).body).toMatchObject({
      running: [{ id: sessions.running, status: 'running' }],
      queued: [],
      queuedTotal: 0,
    });
  });
});

describe('one session', () => {
  test('is shown with how it ended', async () => {
    expect((await call(`/sessions/${sessions.completed}`)).body).toMatchObject({
      status: 'completed',
      finalAnalysis: 'The flux capacitor is empty.',
      chain: 'kubernetes',
      stages: [{ name: 'look', status: 'completed' }],
    });
    expect((await call(`/sessions/${sessions.failed}`)).body).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('no such key'),
      finalAnalysis: null,
    });
  });

  test.each(['', '/timeline', '/events', '/trace', '/deliveries', '/scores', '/chat', '/review', '/runbook'])(
    'that there is not is 404: %s',
    async (part) => {
      expect(await call(`/sessions/${newId()}${part}`)).toMatchObject({
        status: 404,
        body: { error: { code: 'not_found' } },
      });
    },
  );

  test('refuses what its state does not allow', async () => {
    expect((await call(`/sessions/${sessions.completed}/cancel`, 'operator', {})).status).toBe(409);
    expect((await call(`/sessions/${sessions.running}/score`, 'operator', {})).status).toBe(409);
    expect((await call(`/sessions/${sessions.running}/chat`, 'operator', { message: 'Why?' })).status).toBe(
      409,
    );
  });

  test('costs the same in the list, in its own view and in the report', async () => {
    const usage = { inputTokens: 1_000, outputTokens: 200, costUsd: expect.closeTo(0.014) };
    const { items } = z
      .object({ items: z.array(z.object({ id: z.string(), usage: z.unknown() })) })
      .parse((await call('/sessions?status=completed')).body);
    expect(items).toMatchObject([{ id: sessions.completed, usage }]);
    expect((await call(`/sessions/${sessions.completed}`)).body).toMatchObject({ usage });
    expect((await call('/usage?chain=kubernetes')).body).toMatchObject({
      totals: { costUsd: expect.closeTo(0.014), sessions: 1 },
      topSessions: [{ id: sessions.completed }],
    });
  });
});

describe('the installation', () => {
  test('is healthy, and lists types, servers, tools, runbooks and warnings', async () => {
    const health = await fetch(`${web.url}/api/health`);
    expect([health.status, await health.json()]).toMatchObject([200, { components: expect.any(Array) }]);
    expect(JSON.stringify((await call('/alert-types')).body)).toMatch(/"Cpu".*"Disk"/);
    expect((await call('/mcp-servers')).body).toMatchObject({ items: [{ name: 'box' }] });
    expect((await call('/system/default-tools?alertType=Cpu')).body).toMatchObject({
      servers: [{ name: 'box', used: true }],
    });
    expect((await call('/runbooks')).body).toMatchObject({ items: [] });
    expect((await call('/system/warnings')).body).toMatchObject({ items: expect.any(Array) });
  });

  test('shows its configuration to administrators, and its secrets to nobody', async () => {
    expect((await call('/system/config')).status).toBe(403);
    const { status, body } = await call('/system/config', 'admin');
    expect(status).toBe(200);
    expect(JSON.stringify(body)).toContain('kubernetes');
    expect(JSON.stringify(body)).not.toContain(SECRET);
  });

  test('takes no alert with a runbook of a foreign host: 400, and no session', async () => {
    const before = await idsOf('');
    expect(
      await call('/alerts', 'operator', { data: 'x', runbook: 'https://evil.example/a.md' }),
    ).toMatchObject({
      status: 400,
      body: { error: { fields: [{ path: 'runbook' }] } },
    });
    expect(await idsOf('')).toEqual(before);
  });
});

test('what was only seen can be rated later, and a rating taken back; who did what stays', async () => {
  const path = `/sessions/${sessions.failed}/review`;
  const step = async (command: Record<string, unknown>) => (await call(path, 'operator', command)).body;
  const counts = async () => (await call('/triage')).body;
  expect(await counts()).toEqual({ investigating: 1, needs_review: 2, in_progress: 0, reviewed: 0 });
  expect(await step({ action: 'acknowledge' })).toMatchObject({
    review: { status: 'reviewed', rating: null },
  });
  expect(await step({ action: 'complete', rating: 'inaccurate', note: 'It was the disk.' })).toMatchObject({
    review: { status: 'reviewed', rating: 'inaccurate', note: 'It was the disk.' },
  });
  expect(await step({ action: 'acknowledge' })).toMatchObject({
    review: { status: 'reviewed', rating: null, note: null },
  });
  const { items } = z
    .object({ items: z.array(z.object({ action: z.string() })) })
    .parse((await call(path)).body);
  expect(items.map(({ action }) => action)).toEqual(['acknowledge', 'complete', 'acknowledge']);
  expect(await counts()).toEqual({ investigating: 1, needs_review: 1, in_progress: 0, reviewed: 1 });
  expect(await idsOf('?review=reviewed')).toEqual([sessions.failed]);
});

test('a second score while the first is made is 409', async () => {
  runs.model.setScript(() => ({ startGate: 'judge', text: 'No verdict.' }));
  const path = `/sessions/${sessions.completed}/score`;
  expect((await call(path, 'operator', {})).status).toBe(202);
  await runs.model.waitForBlocked('judge');
  expect((await call(path, 'operator', {})).status).toBe(409);
  for (const gate of ['judge', 'running']) runs.model.release(gate);
  expect(await waitForEnd(runs.database, sessions.running)).toBe('completed');
});
