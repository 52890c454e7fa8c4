import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { findInDatabase } from '#test/dump-database.ts';
import { createTestKernel, createTestProject } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { rowsOf } from '#test/runs.ts';
import { alertmanagerSchema } from '../schema.ts';
import { fromAlertmanager } from './normalise-alert.ts';
import { receiveWebhook } from './receive-webhook.ts';

const db = useTestDatabase();
let kernel: Awaited<ReturnType<typeof createTestKernel>>;
let projectId: string;
beforeAll(async () => {
  kernel = await createTestKernel(db.database);
});
beforeEach(async () => {
  await kernel.setConfig({ queue: { maxPendingSessions: 100_000 } });
  ({ id: projectId } = await createTestProject(db.database));
});

type Entry = { fingerprint: string; status?: string; labels?: unknown; annotations?: unknown };
const deliver = (entries: Entry[]) =>
  receiveWebhook(kernel, {
    projectId,
    actor: 'test',
    alerts: fromAlertmanager(
      alertmanagerSchema.parse({
        version: '4',
        status: 'firing',
        alerts: entries.map((entry) => ({
          status: 'firing',
          labels: { alertname: 'KubePodCrashLooping', namespace: 'shop' },
          startsAt: '2026-11-20T10:00:00Z',
          ...entry,
        })),
      }),
    ),
  });

test('a mixed payload: each alert is answered in its place', async () => {
  await deliver([{ fingerprint: 'old' }]);
  const { alerts, refused } = await deliver([
    { fingerprint: 'old' },
    { fingerprint: 'new' },
    { fingerprint: 'old', status: 'resolved' },
    { fingerprint: 'unknown', status: 'resolved' },
    { fingerprint: 'new' },
  ]);
  expect(refused).toBeNull();
  expect(alerts.map(({ fingerprint, status, deduplicated }) => [fingerprint, status, deduplicated])).toEqual([
    ['old', 'firing', true],
    ['new', 'firing', false],
    ['old', 'resolved', true],
    ['unknown', 'resolved', false],
    ['new', 'firing', true],
  ]);
  expect(alerts.map(({ sessionId }) => sessionId === null)).toEqual([false, false, false, true, false]);
  expect(alerts[1]?.sessionId).toBe(alerts[4]?.sessionId);
});

test('a full queue refuses what is new and takes what is known', async () => {
  await deliver([{ fingerprint: 'known' }]);
  await kernel.setConfig({ queue: { maxPendingSessions: 1 } });
  const { alerts, refused } = await deliver([
    { fingerprint: 'new' },
    { fingerprint: 'known' },
    { fingerprint: 'known', status: 'resolved' },
  ]);
  expect(alerts.map(({ fingerprint }) => fingerprint)).toEqual(['known', 'known']);
  expect(refused).toMatchObject({ code: 'too_many_requests', retryAfterSeconds: expect.any(Number) });
});

test('odd characters are stored as far as they can be, and those that would be obeyed unseen are shown', async () => {
  const odd = 'NUL \0, half \ud83d, whole 😀, rtl \u202e, line \u2028, quote \' " \\ $1 %s';
  const { alerts } = await deliver([
    { fingerprint: odd, labels: { alertname: odd, [odd]: odd }, annotations: { summary: odd } },
  ]);
  const kept = 'NUL , half \ufffd, whole 😀, rtl [U+202E], line [U+2028], quote \' " \\ $1 %s';
  const [row] = await rowsOf(
    db.database,
    'select fingerprint, alert_type, labels, annotations from alert where id = $1',
    [alerts[0]?.alertId],
  );
  expect(row).toEqual({
    fingerprint: kept,
    alert_type: kept,
    labels: { alertname: kept, [kept]: kept },
    annotations: { summary: kept },
  });
  expect((await deliver([{ fingerprint: odd }])).alerts[0]?.deduplicated).toBe(true);
});

test('a thousand alerts in one payload', async () => {
  const { alerts } = await deliver(Array.from({ length: 1_000 }, (_, n) => ({ fingerprint: `f${n}` })));
  expect(alerts.map(({ fingerprint }) => fingerprint)).toEqual(
    Array.from({ length: 1_000 }, (_, n) => `f${n}`),
  );
  expect(new Set(alerts.map(({ sessionId }) => sessionId)).size).toBe(1_000);
  // A thousand transactions one after the other, on a machine that has other things to do.
}, 120_000);

test('no secret of an alert is in any table', async () => {
  const secret = 'Tr0ub4dor-and-3';
  await deliver([
    {
      fingerprint: `password=${secret}`,
      labels: {
        alertname: 'Leak',
        password: secret,
        dsn: `postgres://shop:${secret}@db/shop`,
        severity: `token=${secret}`,
      },
      annotations: { description: `The pod runs with\n  --password=${secret}\nand DB_PASSWORD="${secret}"` },
    },
  ]);
  const { rowCount } = await db.database.pool.query(`select 1 from alert where alert_type = 'Leak'`);
  expect(rowCount).toBe(1);
  expect(await findInDatabase(db.database, [secret])).toEqual([]);
});

test('labels of any length make a session: what the list narrows by is cut', async () => {
  // Random, so that it cannot be stored in less.
  const long = randomBytes(5_000).toString('hex');
  const { alerts } = await deliver([{ fingerprint: 'long', labels: { alertname: long, severity: long } }]);
  const sessions = await rowsOf(db.database, 'select alert_type, severity from session where id = $1', [
    alerts[0]?.sessionId,
  ]);
  expect(sessions).toMatchObject([{ alert_type: long.slice(0, 200), severity: long.slice(0, 50) }]);
});
