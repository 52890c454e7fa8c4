import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { KeyScope } from '#src/features/access/schema.ts';
import { findInDatabase } from '#test/dump-database.ts';
import { writeConfig } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { rowsOf } from '#test/runs.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';
import { acceptedAlertSchema, webhookResultSchema } from '../schema.ts';

const MAX_PENDING = 3;
const db = useTestDatabase();
let web: TestWeb;
let projectId: string;
let key: string;
let projects = 0;

beforeAll(async () => {
  const configDir = await writeConfig({
    queue: { maxPendingSessions: MAX_PENDING },
    runbooks: { allowedDomains: ['books.example'] },
    mcpServers: { box: { transport: { type: 'http', url: 'http://127.0.0.1:1/' } } },
  });
  web = await startTestWeb(db.database, { configDir });
});
afterAll(() => web.close());
beforeEach(async () => {
  await db.database.pool.query(`update session set status = 'completed' where status = 'pending'`);
  projects += 1;
  projectId = await web.project(`acme-${projects}`);
  key = await web.key(projectId, 'alerts');
});

type Answer = {
  status: number;
  headers: Headers;
  body: {
    error?: {
      code: string;
      message: string;
      requestId: string;
      fields?: { path: string; message: string }[];
    };
  };
};
async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${web.url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body:
      typeof body === 'string' ? body : Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}
const fieldPaths = (answer: Answer) => answer.body.error?.fields?.map(({ path }) => path);

const webhook = (...alerts: Record<string, unknown>[]) => ({
  receiver: 'tars',
  status: 'firing',
  alerts: alerts.map((alert) => ({
    status: 'firing',
    labels: { alertname: 'KubePodCrashLooping', namespace: 'shop', severity: 'critical' },
    annotations: { summary: 'It restarts.' },
    startsAt: '2026-11-20T10:00:00.5Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus:9090/graph',
    fingerprint: 'a1b2c3d4e5f60718',
    ...alert,
  })),
  groupLabels: { alertname: 'KubePodCrashLooping' },
  commonLabels: { namespace: 'shop' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager:9093',
  version: '4',
  groupKey: '{}:{alertname="KubePodCrashLooping"}',
  truncatedAlerts: 0,
});

describe('POST /alerts', () => {
  test('202 when alert and session are durable', async () => {
    const answer = await post('/alerts', {
      alertType: 'kubernetes',
      title: 'Checkout down',
      severity: 'critical',
      data: { pod: 'checkout-1' },
      labels: { team: 'shop' },
      runbook: 'https://books.example/checkout',
      mcp: { servers: [{ name: 'box', tools: ['echo'] }] },
      fingerprint: 'f-1',
      idempotencyKey: 'k-1',
    });
    expect(answer.status).toBe(202);
    const accepted = acceptedAlertSchema.parse(answer.body);
    expect(accepted).toMatchObject({ status: 'pending', deduplicated: false });
    const rows = await rowsOf(
      db.database,
      'select title, mcp_selection, runbook from session where id = $1',
      [accepted.sessionId],
    );
    expect(rows).toEqual([
      {
        title: 'Checkout down',
        mcp_selection: { servers: [{ name: 'box', tools: ['echo'] }] },
        runbook: 'https://books.example/checkout',
      },
    ]);
    const repeat = await post('/alerts', { data: 'Again.', fingerprint: 'f-1' });
    expect(repeat.body).toEqual({ ...accepted, deduplicated: true });
  });

  test.each<[string, unknown, string]>([
    ['an unknown server', { data: 'x', mcp: { servers: [{ name: 'nowhere' }] } }, 'mcp.servers[0].name'],
    ['a wrong runbook', { data: 'x', runbook: 'file:///etc/passwd' }, 'runbook'],
    ['a runbook from just anywhere', { data: 'x', runbook: 'https://evil.example/a.md' }, 'runbook'],
    [
      'a runbook with a name and password',
      { data: 'x', runbook: 'https://a:b@books.example/a.md' },
      'runbook',
    ],
    ['a runbook that is not there', { data: 'x', runbook: 'missing.md' }, 'runbook'],
    ['a runbook outside of its folder', { data: 'x', runbook: '../secret.md' }, 'runbook'],
    ['a number as data', { data: 5 }, 'data'],
    ['a nested label', { data: 'x', labels: { team: { name: 'shop' } } }, 'labels.team'],
    ['a long key', { data: 'x', idempotencyKey: 'k'.repeat(201) }, 'idempotencyKey'],
    ['a blank fingerprint', { data: 'x', fingerprint: '  ' }, 'fingerprint'],
  ])('400 names the field: %s', async (_what, body, path) => {
    const answer = await post('/alerts', body);
    expect([answer.status, answer.body.error?.code]).toEqual([400, 'bad_request']);
    expect(fieldPaths(answer)).toContain(path);
  });

  test('400 says what would be right where nothing is told', async () => {
    expect((await post('/alerts', {})).body.error?.fields).toEqual([
      { path: 'data', message: 'say what happened: text, or any JSON object or array' },
    ]);
  });

  test('429 with a time to come back when the queue is full; repeats are taken', async () => {
    for (let n = 0; n < MAX_PENDING; n += 1)
      expect((await post('/alerts', { data: 'x', fingerprint: `f-${n}` })).status).toBe(202);
    const refused = await post('/alerts', { data: 'x', fingerprint: 'one-more' });
    expect([refused.status, refused.body.error?.code]).toEqual([429, 'too_many_requests']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await post('/alerts', { data: 'x', fingerprint: 'f-0' })).status).toBe(202);
  });

  test.each<[KeyScope, number]>([
    ['alerts', 202],
    ['viewer', 403],
    ['operator', 202],
    ['admin', 202],
  ])('a key with scope %s: %i', async (scope, status) => {
    const authorization = `Bearer ${await web.key(projectId, scope)}`;
    expect((await post('/alerts', { data: 'x' }, { authorization })).status).toBe(status);
    const fresh = webhook({ fingerprint: `scope-${scope}` });
    expect((await post('/webhooks/alertmanager', fresh, { authorization })).status).toBe(status);
  });

  test.each([
    ['nothing', ''],
    ['an empty key', 'Bearer '],
    ['an unknown key', 'Bearer tars_nothing'],
    ['an empty password', 'Basic Og=='],
    ['a huge key', `Bearer ${'x'.repeat(9_000)}`],
  ])('401 with %s', async (_what, authorization) => {
    const answer = await post('/alerts', { data: 'x' }, { authorization });
    expect(answer.status).toBe(401);
    expect(answer.body.error?.requestId).toBeTruthy();
  });
});

describe('hostile bodies are 4xx, never 500', () => {
  const raw = (text: string) => Buffer.from(text, 'utf8');
  test.each<[string, string | Buffer, number]>([
    ['escaped NUL', '{"data": "a\\u0000b", "labels": {"k\\u0000": "v\\u0000"}}', 202],
    ['half a surrogate pair', '{"data": "\\ud83d", "title": "\\udc00", "labels": {"a": "\\ud83d"}}', 202],
    ['a prototype', '{"data": {"__proto__": {"x": 1}, "constructor": 1}, "labels": {"__proto__": "x"}}', 202],
    ['numbers out of range', '{"data": {"n": 1e999, "m": -0, "big": 123456789012345678901234567890}}', 202],
    ['a repeated key', '{"data": "a", "data": "b"}', 202],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0x64, 0xff, 0x22, 0x7d]), 400],
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), raw('{"data":"x"}')]), 202],
    ['deep nesting', `{"data":${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}}`, 400],
    [
      'many keys',
      JSON.stringify({ data: Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`k${n}`, n])) }),
      202,
    ],
    ['a long text', JSON.stringify({ data: 'x'.repeat(1_000_000) }), 202],
    ['over 1 MB', JSON.stringify({ data: 'x'.repeat(1_100_000) }), 413],
    ['10 MB', 'x'.repeat(10_000_000), 413],
    ['a text instead of an object', '"alert"', 400],
  ])('%s', async (_what, body, status) => {
    const answer = await post('/alerts', body);
    expect([answer.status, answer.body.error?.message]).toEqual([
      status,
      status === 202 ? undefined : expect.any(String),
    ]);
  });
});

describe('POST /webhooks/alertmanager', () => {
  test('202 with one entry per alert, in order', async () => {
    const answer = await post(
      '/webhooks/alertmanager',
      webhook({}, { fingerprint: 'b', status: 'resolved' }, { status: 'resolved' }),
    );
    expect(answer.status).toBe(202);
    const { alerts } = webhookResultSchema.parse(answer.body);
    expect(alerts.map(({ fingerprint, status }) => [fingerprint, status])).toEqual([
      ['a1b2c3d4e5f60718', 'firing'],
      ['b', 'resolved'],
      ['a1b2c3d4e5f60718', 'resolved'],
    ]);
    expect(alerts[1]?.sessionId).toBeNull();
    expect(alerts[2]?.sessionId).toBe(alerts[0]?.sessionId);
  });

  test('503 with a time to come back when the queue is full, after taking the repeats', async () => {
    for (let n = 0; n < MAX_PENDING; n += 1) await post('/alerts', { data: 'x', fingerprint: `f-${n}` });
    const answer = await post(
      '/webhooks/alertmanager',
      webhook({ fingerprint: 'new' }, { fingerprint: 'f-0' }),
    );
    expect([answer.status, answer.body.error?.code]).toEqual([503, 'unavailable']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const [row] = await rowsOf(
      db.database,
      `select count from alert where fingerprint = 'f-0' and project_id = $1`,
      [projectId],
    );
    expect(row).toEqual({ count: 2 });
    await db.database.pool.query(`update session set status = 'completed' where status = 'pending'`);
    const again = await post(
      '/webhooks/alertmanager',
      webhook({ fingerprint: 'new' }, { fingerprint: 'f-0' }),
    );
    expect(again.status).toBe(202);
  });

  test('400 names the field of the alert', async () => {
    const answer = await post('/webhooks/alertmanager', webhook({}, { labels: { a: [] }, startsAt: 5 }));
    expect(answer.status).toBe(400);
    expect(fieldPaths(answer)).toEqual(expect.arrayContaining(['alerts[1].labels.a', 'alerts[1].startsAt']));
  });

  test('404 for a source that there is not', async () => {
    expect((await post('/webhooks/nagios', webhook({}))).status).toBe(404);
  });
});

test('nothing secret that was sent is stored, and nothing comes back', async () => {
  const secret = 'Zebra-Tr0mbone-77';
  const body = {
    title: `password=${secret}`,
    alertType: `token=${secret}`,
    severity: `pwd=${secret}`,
    data: { env: [{ name: 'DB_PASSWORD', value: secret }], url: `postgres://a:${secret}@db` },
    fingerprint: `api_key=${secret}`,
    idempotencyKey: `password=${secret}`,
    runbook: `https://books.example/a?token=${secret}`,
    labels: { password: secret, note: `Authorization: Bearer ${secret}` },
  };
  const answers = [
    await post('/alerts', body),
    await post('/alerts', body),
    await post('/alerts', { ...body, runbook: `no url ${secret}`, extra: secret }),
    await post('/alerts', { ...body, runbook: `https://bot:${secret}@books.example/a` }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 400, 400]);
  expect(JSON.stringify(answers.map((answer) => answer.body))).not.toContain(secret);
  expect(await findInDatabase(db.database, [secret])).toEqual([]);
});
