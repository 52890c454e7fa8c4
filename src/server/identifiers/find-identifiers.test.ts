import { describe, expect, test } from 'vitest';
import { compileFinder, mergeSpans } from './find-identifiers.ts';
import { IDENTIFIER_PATTERN_NAMES } from './pattern-names.ts';

const finder = compileFinder({
  patterns: IDENTIFIER_PATTERN_NAMES,
  custom: { customer: 'ACME-\\d+' },
});
const found = (text: string) =>
  finder.find(text).map(({ start, end, kind }) => `${kind} ${text.slice(start, end)}`);

const FOUND: readonly [string, string[]][] = [
  ['from 10.2.3.4:8080 to 10.2.3.5.', ['IP 10.2.3.4', 'IP 10.2.3.5']],
  ['10.0.0.0/8, range 10.1.0.1-10.1.0.9', ['IP 10.0.0.0', 'IP 10.1.0.1', 'IP 10.1.0.9']],
  ['{"log":"a\\n10.9.8.7 - GET\\u003e10.9.8.6"}', ['IP 10.9.8.7', 'IP 10.9.8.6']],
  ['http%3A%2F%2F10.9.8.7%2Fx', ['IP 10.9.8.7']],
  ['\u001b[31m10.9.8.7\u001b[0m', ['IP 10.9.8.7']],
  ['eth0_10.9.8.7_up', ['IP 10.9.8.7']],
  ['[2001:db8::7]:443 and fe80::1%eth0', ['IP 2001:db8::7', 'IP fe80::1']],
  ['addr:fe80::1: down; ::ffff:10.0.0.7.', ['IP fe80::1', 'IP ::ffff:10.0.0.7']],
  ['https://db-01.corp.internal:5432/x', ['HOST db-01.corp.internal']],
  ['ip-10-2-3-4.eu-west-1.compute.internal', ['HOST ip-10-2-3-4.eu-west-1.compute.internal']],
  ['"\\nweb.acme.com."', ['HOST web.acme.com']],
  ['10.0.0.1.nip.io', ['HOST 10.0.0.1.nip.io']],
  ['mail ada.l+x@acme.co.uk, thanks', ['EMAIL ada.l+x@acme.co.uk']],
  ['arn:aws:iam::123456789012:role/x', ['ACCOUNT 123456789012']],
  ['{"accountId": "123456789012"}', ['ACCOUNT 123456789012']],
  ['AWS account 123456789012', ['ACCOUNT 123456789012']],
  [
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop',
    ['HOST 123456789012.dkr.ecr.eu-west-1.amazonaws.com'],
  ],
  ['customer ACME-4711 pays', ['CUSTOMER ACME-4711']],
  ['www.ACME-4711.com', ['HOST www.ACME-4711.com']],
];

const UNTOUCHED: readonly string[] = [
  'v1.2.3.4 of the chart 1.2.3',
  '1.3.6.1.4.1 is an OID, 300.1.1.1 nothing',
  'listening on 127.0.0.1:80, 0.0.0.0 and ::1',
  'at 12:34:56 on aa:bb:cc:dd:ee:ff std::vector Foo::Bar',
  'main.go run.py index.js libc.so.6 values.yaml checkout.sh',
  'java.lang.NullPointerException in com.acme.Foo.bar(Foo.java:12)',
  'app.kubernetes.io/name networking.k8s.io/v1 monitoring.coreos.com',
  'checkout.shop.svc.cluster.local checkout.shop.svc ghcr.io/acme/shop:1',
  'git@github.com:acme/ops.git user@1000.service',
  'memory 137438953472 bytes',
  'Reason: OOMKilled. Exit 137. Restarted 3x',
];

test.each(FOUND)('%j', (text, names) => {
  expect(found(text)).toEqual(names);
});

test.each(UNTOUCHED)('stays: %j', (text) => {
  expect(found(text)).toEqual([]);
});

test('spans that overlap become one of the kind of the longest', () => {
  const spans = [
    { start: 0, end: 10, kind: 'A' },
    { start: 5, end: 30, kind: 'B' },
    { start: 29, end: 31, kind: 'C' },
    { start: 40, end: 41, kind: 'D' },
  ];
  expect(mergeSpans(spans)).toEqual([
    { start: 0, end: 31, kind: 'B' },
    { start: 40, end: 41, kind: 'D' },
  ]);
});

describe('lines', () => {
  const holds = (custom: Record<string, string>, line: string) =>
    compileFinder({ patterns: ['ipv4'], custom }).holdsLine(line);

  test('only expressions that may match a blank need whole lines', () => {
    expect(holds({}, 'some words')).toBe(false);
    expect(holds({ a: 'ACME-\\d+', b: '(?:cust|org)_[a-z0-9]{8}' }, 'some words')).toBe(false);
    for (const source of ['Acme Corp', 'Acme.Corp', 'Acme\\sCorp', 'a[^x]b', '\\S+ \\S+', '[ -z]+']) {
      expect(holds({ a: source }, 'some words')).toBe(true);
    }
  });

  test('an account may be said in two words', () => {
    const { holdsLine } = compileFinder({ patterns: ['aws_account'], custom: {} });
    expect(holdsLine('the AWS account')).toBe(true);
    expect(holdsLine('the AWS bill')).toBe(false);
  });
});

test('hostile texts end', () => {
  const fill = (unit: string): string => unit.repeat(Math.ceil(1_000_000 / unit.length));
  for (const unit of [
    'a',
    'a.',
    '1.',
    '1.1.1.1',
    ':',
    'f:',
    '@',
    'a@',
    'a@a.',
    '\\u',
    'account ',
    '%2',
    '\\n',
  ]) {
    expect(finder.find(fill(unit)).length).toBeGreaterThanOrEqual(0);
  }
});
