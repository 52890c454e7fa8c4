import { describe, expect, test } from 'vitest';
import { createMasker } from './create-masker.ts';
import { failClosed } from './fail-closed.ts';
import { MASKING_GROUPS, MASKING_PATTERN_NAMES } from './pattern-names.ts';

const masker = createMasker({ groups: ['security', 'kubernetes'] });

/** text → what must be shown */
const MASKED: readonly [string, string][] = [
  ['password: hunter2', 'password: [MASKED_PASSWORD]'],
  ['DB_PASSWORD=hunter2 next', 'DB_PASSWORD=[MASKED_PASSWORD] next'],
  ['{"password":"a\\"b,c","x":1}', '{"password":"[MASKED_PASSWORD]","x":1}'],
  ['{"a":"{\\"password\\":\\"abc\\"}"}', '{"a":"{\\"password\\":\\"[MASKED_PASSWORD]\\"}"}'],
  ['"password": 12345', '"password": [MASKED_PASSWORD]'],
  ['passphrase: three plain words', 'passphrase: [MASKED_PASSWORD]'],
  ['password: |\n  multi\n  line\nother: 1', 'password: |\n  [MASKED_PASSWORD]\nother: 1'],
  ["'password' => 'hunter2'", "'password' => '[MASKED_PASSWORD]'"],
  ['login password=hunter2, user=bob', 'login password=[MASKED_PASSWORD], user=bob'],
  ['JAVA_OPTS=-Ddb.password=abc123 -Xmx1g', 'JAVA_OPTS=-Ddb.password=[MASKED_PASSWORD] -Xmx1g'],
  ['PGPASSWORD=abc psql', 'PGPASSWORD=[MASKED_PASSWORD] psql'],
  ['Uid=x;Pwd=abc;Db=y', 'Uid=x;Pwd=[MASKED_PASSWORD];Db=y'],
  ['--token abc123 --api-key=zzz end', '--token [MASKED_TOKEN] --api-key=[MASKED_API_KEY] end'],
  ['["--password", "hunter2"]', '["--password", "[MASKED_PASSWORD]"]'],
  ['- --password\n- hunter2\n', '- --password\n- [MASKED_PASSWORD]\n'],
  ['- name: DB_PASSWORD\n  value: two words\n', '- name: DB_PASSWORD\n  value: [MASKED_PASSWORD]\n'],
  ['{"name":"API_TOKEN","value":"abc"}', '{"name":"API_TOKEN","value":"[MASKED_TOKEN]"}'],
  ['-H "Authorization: Bearer abc.DEF-1" x', '-H "Authorization: Bearer [MASKED_TOKEN]" x'],
  ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [MASKED_TOKEN]'],
  ['{"auths":{"r.io":{"auth":"dXNlcjpwYXNz"}}}', '{"auths":{"r.io":{"auth":"[MASKED_TOKEN]"}}}'],
  ['Cookie: a=b; c=d', 'Cookie: [MASKED_TOKEN]'],
  ['x-api-key: abc', 'x-api-key: [MASKED_API_KEY]'],
  ['client_secret=abc&x=1', 'client_secret=[MASKED_SECRET_KEY]&x=1'],
  ['aws_secret_access_key = abc', 'aws_secret_access_key = [MASKED_AWS_SECRET_KEY]'],
  ['client-key-data: LS0tLS1CRUdJTg==', 'client-key-data: [MASKED_CERTIFICATE_AUTHORITY_DATA]'],
  ['postgres://u:p@ss@host:5432/db', 'postgres://u:[MASKED_CONNECTION_STRING]@host:5432/db'],
  ['redis://:pw@h:6379', 'redis://:[MASKED_CONNECTION_STRING]@h:6379'],
  ['https://user:pa55@example.com/x', 'https://user:[MASKED_CONNECTION_STRING]@example.com/x'],
  ['AccountKey=abcd==;EndpointSuffix=core', 'AccountKey=[MASKED_CLOUD_KEY];EndpointSuffix=core'],
  ['id AKIAIOSFODNN7EXAMPLE.', 'id [MASKED_AWS_ACCESS_KEY].'],
  ['key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'key [MASKED_AWS_SECRET_KEY]'],
  ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', '[MASKED_GITHUB_TOKEN]'],
  ['xoxb-123456789012-abcdefghijkl', '[MASKED_SLACK_TOKEN]'],
  ['sk-ant-api03-abcdefghijklmnopqrst', '[MASKED_CLOUD_KEY]'],
  ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_1', 'jwt [MASKED_JWT]'],
  ['mail bob@example.com now', 'mail [MASKED_EMAIL] now'],
  ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me', '[MASKED_SSH_KEY] me'],
  ['-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\nx', '[MASKED_CERTIFICATE]\nx'],
  ['"-----BEGIN EC PRIVATE KEY-----\\nMIIB\\n-----END EC PRIVATE KEY-----\\n"', '"[MASKED_PRIVATE_KEY]\\n"'],
  [
    '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA123456\nthe log goes on',
    '[MASKED_PRIVATE_KEY]\nthe log goes on',
  ],
];

const UNTOUCHED: readonly string[] = [
  'token: expired for user',
  'failed to parse token: illegal base64 data',
  'rpc error: code = Internal desc = token: context deadline exceeded',
  'MountVolume.SetUp failed for volume "token" : secret "api-token" not found',
  'MountVolume.SetUp failed for volume "token": secret "api-token" not found',
  'Error: secret "db-password" not found',
  "Error: couldn't find key dsn in Secret shop/checkout-db",
  'password authentication failed for user "app"',
  'invalid bearer token, service account token has expired',
  "DB_PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false",
  'password:  12 bytes',
  'serviceAccountToken:\n  expirationSeconds: 3607\n  path: token',
  'automountServiceAccountToken: false',
  'tokenExpirationSeconds: 3600',
  'password: {secretKeyRef: {name: x, key: y}}',
  'password: $(DB_PASSWORD)',
  `db.password=\${DB_PASSWORD}`,
  'passwordPolicy: strict',
  'password: string',
  'password != "abc"',
  'secret:\n  secretName: api-token',
  'imagePullSecrets:\n- name: regcred',
  'Pulling image "registry/auth-token:1.2"',
  'image: shop/checkout@sha256:9b2a7a0f3c2d4f9d1c0f3a5b6e7d8c9b0a1f2e3d4c5b6a79881726354a5b6c7d',
  'PWD=/home/x OLDPWD=/y',
  'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  'uid: 7b6d3c9e-7f4a-4b1e-9a39-0b54d2c1a111',
  'http://host:8080/path?a=b',
  'git@github.com:acme/ops.git',
  'kubelet restarted user@1000.service',
  'tars_http_requests_total_by_status_code_500 12',
];

describe('text', () => {
  test.each(MASKED)('%j', (text, shown) => {
    expect(masker.text(text)).toBe(shown);
    expect(masker.text(shown)).toBe(shown);
  });

  test.each(UNTOUCHED)('stays: %j', (text) => {
    expect(masker.text(text)).toBe(text);
  });

  test('the group all also masks bare base64, and stays idempotent', () => {
    const all = createMasker({ groups: ['all'] });
    const masked = all.text('blob c29tZSBsb25nIHNlY3JldCB2YWx1ZQ== end\nshort: YWJjZA==');
    expect(masked).toBe('blob [MASKED_BASE64_SECRET] end\nshort: [MASKED_BASE64_SHORT]');
    expect(all.text(masked)).toBe(masked);
  });

  test('only what a group names is masked', () => {
    const basic = createMasker({ groups: ['basic'] });
    expect(basic.text('password=a1 AKIAIOSFODNN7EXAMPLE')).toBe(
      'password=[MASKED_PASSWORD] AKIAIOSFODNN7EXAMPLE',
    );
    const emailOnly = createMasker({ patterns: ['email'] });
    expect(emailOnly.text('password=a1 a@b.example')).toBe('password=a1 [MASKED_EMAIL]');
  });

  test('every group names known patterns, and security holds what has an unmistakable shape', () => {
    const known = new Set<string>(MASKING_PATTERN_NAMES);
    for (const names of Object.values(MASKING_GROUPS))
      for (const name of names) expect(known).toContain(name);
    expect(MASKING_GROUPS.security).toEqual(
      expect.arrayContaining(['jwt', 'private_key', 'aws_access_key', 'cloud_key', 'connection_string']),
    );
  });

  test('custom patterns', () => {
    const custom = createMasker({ custom: [{ name: 'acme-id', pattern: '(?i)acme-[0-9]+' }] });
    expect(custom.text('see ACME-12 and acme-7.')).toBe('see [MASKED_ACME_ID] and [MASKED_ACME_ID].');
    expect(() => createMasker({ custom: [{ name: 'x', pattern: 'a*' }] })).toThrow('empty text');
    expect(() => createMasker({ custom: [{ name: 'x', pattern: '(a' }] })).toThrow();
    expect(() => createMasker({ groups: ['secuirty'] })).toThrow('secuirty');
  });
});

describe('json', () => {
  test('masks under secret names, in strings, in environments and in Secrets; keeps the shape', () => {
    const value = {
      password: 'x',
      nested: [{ apiKey: 'k', n: 1, ok: true, none: null }],
      env: [
        { name: 'DB_PASSWORD', value: 'hunter2' },
        { name: 'MODE', value: 'fast' },
      ],
      args: ['--token', 'abc', '--level', 'info'],
      log: 'token=abc',
      secret: { kind: 'Secret', metadata: { name: 'db' }, data: { dsn: 'Zm9v', empty: '' } },
      config: { kind: 'ConfigMap', data: { mode: 'fast' } },
      ref: { password: { secretKeyRef: { name: 'db', key: 'password' } } },
    };
    expect(masker.json(value)).toEqual({
      password: '[MASKED_PASSWORD]',
      nested: [{ apiKey: '[MASKED_API_KEY]', n: 1, ok: true, none: null }],
      env: [
        { name: 'DB_PASSWORD', value: '[MASKED_PASSWORD]' },
        { name: 'MODE', value: 'fast' },
      ],
      args: ['--token', '[MASKED_TOKEN]', '--level', 'info'],
      log: 'token=[MASKED_TOKEN]',
      secret: {
        kind: 'Secret',
        metadata: { name: 'db' },
        data: { dsn: '[MASKED_KUBERNETES_SECRET]', empty: '' },
      },
      config: { kind: 'ConfigMap', data: { mode: 'fast' } },
      ref: { password: { secretKeyRef: { name: 'db', key: 'password' } } },
    });
    expect(masker.json(masker.json(value))).toEqual(masker.json(value));
  });

  test('never throws: cycles and deep nesting end in a note', () => {
    const cycle: Record<string, unknown> = { password: 'x' };
    cycle.self = cycle;
    expect(JSON.stringify(masker.json(cycle))).toContain('nested too deeply');
    const hostile = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    expect(masker.json(hostile)).toContain('MASKED_WITHHELD');
  });
});

describe('hostile texts', () => {
  const fill = (unit: string): string => unit.repeat(Math.ceil(2_000_000 / unit.length));
  const hostile = [
    fill('a'),
    fill(' '),
    fill('{'),
    fill('{"a":'),
    fill('{"kind":"Secret","data":{"x":1,"y":'),
    fill('password="'),
    fill('password: {\n'),
    `kind Secret {"${fill('\\')}`,
    fill('-----BEGIN RSA PRIVATE KEY-----\n'),
    `x@${fill('a.')}`,
    fill('eyJ'),
    fill('- - '),
    fill('kind: Secret\ndata:\n  a: Zm9v\n---\n'),
    fill('name: name: '),
    `a: &a [x,x]\n${Array.from({ length: 40 }, (_, i) => `b${i}: &b${i} [*a,*a,*a]`).join('\n')}\nkind: Secret\ndata: *b39\n`,
  ];

  test.each(hostile.map((text) => [text.slice(0, 24), text] as const))('%j … ends', (_start, text) => {
    expect(failClosed(masker, text)).not.toContain('MASKED_WITHHELD');
  });

  test('a custom pattern that would backtrack for ever elsewhere ends', () => {
    const custom = createMasker({ custom: [{ name: 'bad', pattern: '(a+)+$' }] });
    expect(custom.text(`${'a'.repeat(100_000)}b`)).toHaveLength(100_001);
  });

  test('out of time, the whole result is withheld with an explanation', () => {
    const answer = failClosed(masker, `password=hunter2\n${fill('token=x1 ')}`, 0);
    expect(answer).toMatch(/^\[MASKED_WITHHELD: .*longer than 0 ms/);
    expect(answer).not.toContain('hunter2');
  });
});
