import { expect, test } from 'vitest';
import { type Config, loadConfig } from '#src/server/config/index.ts';
import { createSecretBox } from '#src/server/crypto.ts';
import { createSessionIdentifiers } from '#src/server/identifiers/index.ts';
import { TEST_SECRET, writeConfig } from '#test/kernel.ts';
import type { IncomingAlert } from '../schema.ts';
import { maskAlert as maskAlertFor } from './mask-alert.ts';
import { TITLE_MAX_CHARS } from './tunables.ts';

const configOf = async (config: unknown) =>
  (await loadConfig({ directory: await writeConfig(config), env: {} })).config;
const config = await configOf({});

const identifiersOf = (current: Config, alertId: string) =>
  createSessionIdentifiers({
    config: current,
    secrets: createSecretBox(TEST_SECRET),
    sessionId: `session of ${alertId}`,
    scope: alertId,
    known: [],
  });
const maskAlert = (current: Config, alert: IncomingAlert) =>
  maskAlertFor({ config: current, identifiers: identifiersOf(current, 'one'), projectId: 'shop' }, alert);

const incoming = (alert: Partial<IncomingAlert>): IncomingAlert => ({
  source: 'api',
  status: 'firing',
  alertType: null,
  title: null,
  severity: null,
  fingerprint: null,
  labels: {},
  annotations: {},
  data: 'The checkout is down.',
  startsAt: null,
  runbook: null,
  mcp: null,
  idempotencyKey: null,
  ...alert,
});

test('every part is masked', () => {
  const secret = 'password=hunter2-secret';
  const masked = maskAlert(
    config,
    incoming({
      alertType: secret,
      title: secret,
      severity: secret,
      fingerprint: secret,
      labels: { note: secret, password: 'hunter2-secret' },
      annotations: { [secret]: 'x', description: `line\n${secret}` },
      data: JSON.stringify({ env: { DB_PASSWORD: 'hunter2-secret' }, text: secret }),
      runbook: 'https://bot:hunter2-secret@books.example/a',
      mcp: { servers: [{ name: 'box', tools: [secret] }] },
      idempotencyKey: secret,
    }),
  );
  expect(JSON.stringify(masked)).not.toContain('hunter2-secret');
  expect(masked.mcp?.servers?.[0]?.name).toBe('box');
});

test('what is not secret stays', () => {
  const labels = { alertname: 'KubePodCrashLooping', secret: 'checkout-db', container: 'checkout' };
  const alert = incoming({ labels, fingerprint: 'a1b2c3d4e5f60718', runbook: 'https://books.example/a' });
  expect(maskAlert(config, alert)).toMatchObject({
    labels,
    fingerprint: 'a1b2c3d4e5f60718',
    runbook: 'https://books.example/a',
  });
});

test('fingerprints that differ only in a secret stay apart, and equal ones equal', () => {
  const of = (fingerprint: string) => maskAlert(config, incoming({ fingerprint })).fingerprint;
  expect(of('password=one1111111')).not.toBe(of('password=two2222222'));
  expect(of('password=one1111111')).toBe(of('password=one1111111'));
});

test('what the database cannot store is repaired', () => {
  const masked = maskAlert(
    config,
    incoming({
      title: 'a\0b\ud800',
      alertType: 't\0',
      data: 'x\0y\udc00',
      labels: { 'k\0': '\ud83d' },
      idempotencyKey: 'k\0',
    }),
  );
  expect(masked).toMatchObject({
    title: 'ab\ufffd',
    alertType: 't',
    data: 'xy\ufffd',
    labels: { k: '\ufffd' },
  });
});

test('a title is made of the first line of prose, else of the type', () => {
  const titleOf = (alert: Partial<IncomingAlert>) => maskAlert(config, incoming(alert)).title;
  expect(titleOf({ data: '\n---\nThe checkout is down.\nMore.' })).toBe('The checkout is down.');
  expect(titleOf({ data: '{"a": 1}', alertType: 'DiskFull' })).toBe('DiskFull');
  expect(titleOf({ data: '[]' })).toBe('Alert');
  const long = titleOf({ data: `${'x'.repeat(TITLE_MAX_CHARS - 2)}😀${'y'.repeat(500)}` });
  expect(long).toBe(`${'x'.repeat(TITLE_MAX_CHARS - 2)}…`);
  const url = 'postgres://shop:hunter2-secret@db/shop';
  expect(titleOf({ data: `${'x'.repeat(TITLE_MAX_CHARS - 30)} ${url}` })).not.toContain('hunter2');
});

test('custom patterns hold, each configuration its own', async () => {
  const own = await configOf({ masking: { patterns: { ACME: 'ak_[a-z0-9]{6}' } } });
  expect(maskAlert(own, incoming({ data: 'key ak_abc123' })).data).not.toContain('ak_abc123');
  expect(maskAlert(config, incoming({ data: 'key ak_abc123' })).data).toContain('ak_abc123');
});

test('names that models must not see: every part can be read back, and fingerprints stay comparable', async () => {
  const hiding = await configOf({ masking: { identifiers: { enabled: true } } });
  const host = 'db-01.corp.internal';
  const identifiers = identifiersOf(hiding, 'one');
  const alert = incoming({
    title: `${host} is down`,
    labels: { instance: `${host}:9100` },
    annotations: { [host]: 'ada@corp.internal' },
    data: JSON.stringify({ host, password: 'hunter2-secret' }),
    runbook: `https://${host}/a`,
    fingerprint: host,
  });
  const masked = maskAlertFor({ config: hiding, identifiers, projectId: 'shop' }, alert);
  const text = JSON.stringify(masked);
  expect(text).not.toMatch(/corp\.internal|hunter2/);
  expect(JSON.parse(identifiers.reveal(text))).toMatchObject({
    title: alert.title,
    labels: alert.labels,
    annotations: alert.annotations,
    data: JSON.stringify({ host, password: '[MASKED_PASSWORD]' }),
    runbook: alert.runbook,
  });
  const another = maskAlertFor(
    { config: hiding, identifiers: identifiersOf(hiding, 'two'), projectId: 'shop' },
    alert,
  );
  expect(another.fingerprint).toBe(masked.fingerprint);
  expect(another.title).not.toBe(masked.title);
});
