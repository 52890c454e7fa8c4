import { describe, expect, test } from 'vitest';
import { createMasker } from './create-masker.ts';
import { createStreamMasker } from './create-stream-masker.ts';
import { MAX_STREAM_TAIL_CHARS } from './tunables.ts';

const masker = createMasker({ groups: ['security', 'kubernetes'] });

const DOCUMENT = `The pod uses password: hunter2
Next: DB_TOKEN=abcsecret1 done. AKIAIOSFODNN7EXAMPLE and eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcDEF_-123 ok,
then postgres://u:topsecret@h/db. The Secret has no key dsn; the token is missing.

\`\`\`yaml
apiVersion: v1
data:
  p: c2VjcmV0LXZhbHVl
kind: Secret
\`\`\`
after -----BEGIN RSA PRIVATE KEY-----
MIIEpAIBAAKCAQEA1234567890abcdef
MIIEpAIBAAKCAQEA1234567890abcdeg
-----END RSA PRIVATE KEY-----

Authorization: Bearer abc.DEF-123456 end
env:
- name: X_TOKEN
  value: tok123abc
- name: Y_TOKEN
  value: tok456abc
fin bob@example.com x
`;
const SECRETS = [
  'hunter2',
  'abcsecret1',
  'AKIAIOSF',
  'eyJhb',
  'topsecret',
  'c2VjcmV',
  'MIIEp',
  'abc.DEF',
  'tok123',
  'tok456',
  'bob@',
];

/** A small deterministic generator (mulberry32), so that a failure can be repeated. */
function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function stream(text: string, nextLength: () => number): string {
  const streamMasker = createStreamMasker(masker);
  let output = '';
  for (let at = 0; at < text.length; ) {
    const length = nextLength();
    output += streamMasker.push(text.slice(at, at + length));
    at += length;
  }
  return output + streamMasker.end();
}

describe('createStreamMasker', () => {
  test('gives the same as masking the whole, however the text is cut', () => {
    const whole = masker.text(DOCUMENT);
    for (const secret of SECRETS) expect(whole).not.toContain(secret);
    expect(stream(DOCUMENT, () => 1)).toBe(whole);
    for (let seed = 1; seed <= 300; seed++) {
      const random = randomSource(seed);
      expect(stream(DOCUMENT, () => 1 + Math.floor(random() * ((seed % 40) + 1)))).toBe(whole);
    }
  });

  test('prose flows word by word, also when it speaks about secrets', () => {
    const streamMasker = createStreamMasker(masker);
    expect(streamMasker.push('The Secret checkout-db has no key named dsn, so the token cannot be re')).toBe(
      'The Secret checkout-db has no key named dsn, so the token cannot be ',
    );
    expect(streamMasker.push('ad. ')).toBe('read. ');
  });

  test('a word without end is withheld instead of growing', () => {
    const streamMasker = createStreamMasker(masker);
    let output = '';
    for (let index = 0; index < 40; index++) output += streamMasker.push('x'.repeat(1_000));
    output += streamMasker.push('\n\nafterwards it goes on\n');
    output += streamMasker.end();
    expect(output).toContain('MASKED_WITHHELD');
    expect(output).toContain('afterwards it goes on');
    expect(output.length).toBeLessThan(MAX_STREAM_TAIL_CHARS);
  });

  test('a Secret longer than what may be held never leaks its later part', () => {
    const entries = Array.from({ length: 2_000 }, (_, index) => `  key${index}: dmFsdWU${index}`).join('\n');
    const output = stream(`See:\n\nkind: Secret\ndata:\n${entries}\n\nDone.\n`, () => 97);
    expect(output).not.toContain('dmFsdWU');
    expect(output).toContain('Done.');
  });

  test('an unfinished secret at the end of the stream is masked', () => {
    expect(stream('connect with password=hunter2', () => 3)).toBe('connect with password=[MASKED_PASSWORD]');
  });
});
