import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { carriesSignature, checkSignature, secretSources } from './check-signature.ts';

const secret = 'a shared secret';
const raw = Buffer.from('{"title": "x",  "n": 1.0}');
const nowMs = Date.parse('2026-11-20T10:00:00Z');
const sign = (key: string, text: string | Buffer) => createHmac('sha256', key).update(text).digest('hex');
const good = sign(secret, raw);
const other = sign('another secret', raw);
const check = (
  source: (typeof secretSources)[number],
  headers: Record<string, string>,
  body: Uint8Array = raw,
): boolean => checkSignature(source, { secret, headers: new Headers(headers), raw: body, nowMs });

describe('PagerDuty', () => {
  test.each<[string, string, boolean]>([
    ['the one key', `v1=${good}`, true],
    ['several keys, ours among them', `v1=${other},v1=${good}`, true],
    ['spaces behind the comma', `v1=${other}, v1=${good}`, true],
    ['none of ours', `v1=${other},v1=${other}`, false],
    ['another version', `v2=${good}`, false],
    ['no version', good, false],
    ['nothing', '', false],
    ['noise', 'v1=,v1=zz,,', false],
    ['cut short', `v1=${good.slice(0, 62)}`, false],
  ])('%s', (_what, header, valid) => {
    expect(check('pagerduty', { 'X-PagerDuty-Signature': header })).toBe(valid);
  });
});

describe('Grafana', () => {
  const signature = 'X-Grafana-Alerting-Signature';
  const time = 'X-Grafana-Alerting-Timestamp';
  const seconds = nowMs / 1_000;
  test('over the body', () => {
    expect(check('grafana', { [signature]: good })).toBe(true);
    expect(check('grafana', { [signature]: other })).toBe(false);
  });

  test.each<[string, string, boolean]>([
    ['now', `${seconds}`, true],
    ['four minutes ago', `${seconds - 240}`, true],
    ['six minutes ago', `${seconds - 360}`, false],
    ['six minutes ahead', `${seconds + 360}`, false],
    ['no number', 'now', false],
    ['nothing', '', false],
  ])('over time and body: %s', (_what, at, valid) => {
    const signed = sign(secret, `${at}:${raw.toString()}`);
    expect(check('grafana', { [signature]: signed, [time]: at })).toBe(valid);
  });

  test('a time that was not signed does not count', () => {
    expect(check('grafana', { [signature]: good, [time]: `${seconds}` })).toBe(false);
    expect(check('grafana', { [signature]: sign(secret, `${seconds}:${raw.toString()}`) })).toBe(false);
  });
});

test('Sentry', () => {
  expect(check('sentry', { 'Sentry-Hook-Signature': good })).toBe(true);
  expect(check('sentry', { 'Sentry-Hook-Signature': other })).toBe(false);
  expect(check('sentry', {})).toBe(false);
});

describe.each(['alertmanager', 'datadog', 'opsgenie', 'generic'] as const)('%s: ours', (source) => {
  test.each<[string, Record<string, string>, boolean]>([
    ['a signature', { 'X-Tars-Signature': good }, true],
    ['a signature with its name', { 'X-Tars-Signature': `sha256=${good}` }, true],
    ['a wrong signature', { 'X-Tars-Signature': other }, false],
    ['the secret itself', { 'X-Tars-Token': secret }, true],
    ['another secret', { 'X-Tars-Token': 'a shared secreT' }, false],
    ['nothing', {}, false],
    ['a wrong signature beside the secret', { 'X-Tars-Signature': other, 'X-Tars-Token': secret }, false],
  ])('%s', (_what, headers, valid) => {
    expect(check(source, headers)).toBe(valid);
  });
});

test('the bytes count, not what they mean', () => {
  const same = Buffer.from(JSON.stringify(JSON.parse(raw.toString())));
  expect(check('sentry', { 'Sentry-Hook-Signature': good }, same)).toBe(false);
});

test.each(secretSources)('%s: whether a request claims to be signed', (source) => {
  expect(carriesSignature(source, new Headers({ authorization: 'Bearer x' }))).toBe(false);
});
