import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Config } from '#src/server/config/index.ts';
import { loadConfig } from '#src/server/config/index.ts';
import { createSecretBox } from '#src/server/crypto.ts';
import { createStreamMasker } from '#src/server/masking/index.ts';
import { TEST_SECRET, writeConfig } from '#test/kernel.ts';
import { generaliseIdentifiers } from './generalise.ts';
import { explainUnknown } from './reveal-arguments.ts';
import { createSessionIdentifiers } from './session-identifiers.ts';
import { createSessionMasker } from './session-masker.ts';

const secrets = createSecretBox(TEST_SECRET);
const configOf = async (identifiers: unknown): Promise<Config> =>
  (await loadConfig({ directory: await writeConfig({ masking: { identifiers } }), env: {} })).config;
const config = await configOf({ enabled: true, custom: { customer: 'ACME-\\d+', greedy: '<<.*>>' } });

const open = (options: Partial<Parameters<typeof createSessionIdentifiers>[0]> = {}) =>
  createSessionIdentifiers({ config, secrets, sessionId: 's', scope: 'alert-1', known: [], ...options });

test('one value has one placeholder, in every process, and another in another alert', () => {
  const text = 'ACME-1 at 10.0.0.7 and 10.0.0.8, again 10.0.0.7';
  const masked = open().mask(text);
  expect(masked).toMatch(/^\[CUSTOMER_\w{8}\] at (\[IP_\w{8}\]) and \[IP_\w{8}\], again \1$/);
  expect(open().mask(text)).toBe(masked);
  expect(open({ scope: 'alert-2' }).mask(text)).not.toBe(masked);
  expect(open({ secrets: createSecretBox('another secret, long enough') }).mask(text)).not.toBe(masked);
});

test('masking twice changes nothing, and reading back gives the text', () => {
  const word = fc.constantFrom(
    '10.0.0.7',
    '10.0.0.1.example.org',
    'fe80::1',
    'a@acme.com',
    'db.corp.internal',
    'ACME-12',
    '<<',
    '>>',
    '.',
    '-',
    ':',
    '@',
    ' ',
    '\n',
    '\\n',
    '[',
    ']',
    '[IP_7k2m9q4x]',
    '_',
    'com',
    '[MASKED_TOKEN]',
    '123456789012',
    'account ',
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 14 }), (words) => {
      const identifiers = open();
      const text = words.join('');
      const masked = identifiers.mask(text);
      expect(identifiers.mask(masked)).toBe(masked);
      expect(readBack(identifiers.reveal, masked)).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});

/** What was found beside a placeholder lies around it. */
function readBack(reveal: (text: string) => string, masked: string): string {
  const once = reveal(masked);
  return once === masked ? once : readBack(reveal, once);
}

test('a text that already looks like a placeholder stands for nothing', () => {
  const identifiers = open();
  const forged = '[IP_7k2m9q4x] [IP_1] [CUSTOMER_aaaaaaaa]';
  expect(identifiers.mask(forged)).toBe(forged);
  expect(identifiers.reveal(forged)).toBe(forged);
  // A name inside of the form is a name.
  expect(identifiers.mask('[CUSTOMER_ACME-1]')).toMatch(/^\[CUSTOMER_\[CUSTOMER_\w{8}\]\]$/);
});

test('a greedy pattern does not swallow placeholders', () => {
  const identifiers = open();
  const masked = identifiers.mask('10.0.0.7');
  const around = identifiers.mask(`<<a ${masked} b>>`);
  expect(around).toContain(masked);
  expect(identifiers.reveal(around)).toBe('<<a 10.0.0.7 b>>');
});

test('no part of a secret becomes readable', () => {
  const identifiers = open();
  const masker = createSessionMasker({ groups: ['security'], patterns: [], custom: [] }, identifiers);
  const masked = masker.text('postgres://u:pa10.0.0.7ss@db.corp.internal/x password=a@acme.com bob@acme.com');
  expect(masked).toMatch(
    /^postgres:\/\/u:\[MASKED_CONNECTION_STRING\]@\[HOST_\w{8}\]\/x password=\[MASKED_PASSWORD\] \[EMAIL_\w{8}\]$/,
  );
  expect(identifiers.reveal(masked)).toBe(
    'postgres://u:[MASKED_CONNECTION_STRING]@db.corp.internal/x password=[MASKED_PASSWORD] bob@acme.com',
  );
});

test('values that arrive in pieces are masked', () => {
  const masker = createSessionMasker({ groups: [], patterns: [], custom: [] }, open());
  const text =
    'to 10.0.0.7 of the account 123456789012, mail bob@acme.com\nand <<two words>> db.corp.internal';
  const expected = masker.text(text);
  for (let size = 1; size < 40; size += 1) {
    const stream = createStreamMasker(masker);
    let shown = '';
    for (let at = 0; at < text.length; at += size) shown += stream.push(text.slice(at, at + size));
    expect(shown + stream.end()).toBe(expected);
  }
});

test('arguments get real names back, also where brackets were lost; unknown ones are named', () => {
  const identifiers = open();
  const host = identifiers.mask('db.corp.internal');
  const bare = host.slice(1, -1);
  expect(identifiers.revealArguments({ url: `https://${host}:5432/${bare}`, list: [{ [host]: 1 }] })).toEqual(
    {
      arguments: { url: 'https://db.corp.internal:5432/db.corp.internal', list: [{ 'db.corp.internal': 1 }] },
      unknown: [],
    },
  );
  const guessed = identifiers.revealArguments({
    a: '[IP_99] [HOST_aaaaaaaa]',
    b: 'HOST_NAME IP_aaaaaaaa [OTHER_1]',
  });
  expect(guessed.unknown).toEqual(['[IP_99]', '[HOST_aaaaaaaa]']);
  expect(guessed.arguments).toEqual({ a: '[IP_99] [HOST_aaaaaaaa]', b: 'HOST_NAME IP_aaaaaaaa [OTHER_1]' });
  expect(explainUnknown(guessed.unknown)).toMatch(/\[IP_99\], \[HOST_aaaaaaaa\] stands for nothing/);
});

test('switched off nothing is looked for, and what was masked before is still read back', async () => {
  const off = await configOf({ enabled: false });
  const known = [{ placeholder: '[IP_7k2m9q4x]', kind: 'IP', value: '10.0.0.7' }];
  const identifiers = open({ config: off, known });
  expect(identifiers.mask('10.0.0.8')).toBe('10.0.0.8');
  expect(identifiers.revealArguments({ ip: '[IP_7k2m9q4x]' }).arguments).toEqual({ ip: '10.0.0.7' });
  expect(open({ config: off }).revealArguments({ ip: '[IP_99]' }).unknown).toEqual([]);
});

test('a memory holds neither names nor placeholders', () => {
  const masked = open().mask('ACME-1: db.corp.internal lost 10.0.0.7');
  const general = 'a customer: a host lost an IP address';
  expect(generaliseIdentifiers(config, masked)).toBe(general);
  expect(generaliseIdentifiers(config, 'ACME-1: db.corp.internal lost 10.0.0.7')).toBe(general);
});

test('two who compare fingerprints come to the same, whatever the alert; nobody can try out names', () => {
  const options = { kind: 'FINGERPRINT', scope: 'project' };
  const one = open().maskWhole('down:db.corp.internal', options);
  expect(open({ scope: 'alert-2' }).maskWhole('down:db.corp.internal', options)).toBe(one);
  expect(one).toMatch(/^\[FINGERPRINT_\w{8}\] [0-9a-f]{16}$/);
  expect(open().maskWhole('down:db2.corp.internal', options)).not.toBe(one);
  expect(open().maskWhole('a1b2c3', options)).toBe('a1b2c3');
});
