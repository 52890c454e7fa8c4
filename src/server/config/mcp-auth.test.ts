import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { loadConfig } from './load-config.ts';
import { redactConfig } from './redact-config.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tars-config-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function load(transport: unknown) {
  await writeFile(path.join(directory, 'a.yaml'), JSON.stringify({ mcpServers: { box: { transport } } }));
  return loadConfig({ directory, env: { BOX_SECRET: 'a-secret-of-the-client' } });
}
const http = (auth: unknown, more: object = {}) => ({
  type: 'http',
  url: 'https://box.example/mcp',
  auth,
  ...more,
});

test('the shortest form: a person signs in, TARS registers itself', async () => {
  const { config } = await load(http({ type: 'oauth' }));
  expect(config.mcpServers.box?.transport).toMatchObject({
    auth: { type: 'oauth', grant: 'authorization_code' },
  });
});

test('a client of its own; its secret is not shown', async () => {
  const placeholder = ['$', '{BOX_SECRET}'].join('');
  const auth = {
    type: 'oauth',
    grant: 'client_credentials',
    clientId: 'tars',
    clientSecret: placeholder,
    scopes: ['read'],
  };
  const { config, secretValues } = await load(http(auth));
  const shown = JSON.stringify(redactConfig({ config, secretValues }));
  expect(shown).toContain('"clientId":"tars"');
  expect(shown).not.toContain('a-secret-of-the-client');
});

const machine = { type: 'oauth', grant: 'client_credentials' };
test.each([
  ['no type', http({}), 'auth.type', /"oauth"/],
  [
    'an unknown grant',
    http({ type: 'oauth', grant: 'password' }),
    'auth.grant',
    /authorization_code, client_credentials/,
  ],
  [
    'a scope with a space',
    http({ type: 'oauth', scopes: ['a b'] }),
    'auth.scopes[0]',
    /one scope, without spaces/,
  ],
  [
    'client_credentials without an id',
    http({ ...machine, clientSecret: 's' }),
    'auth.clientId',
    /needs clientId and clientSecret/,
  ],
  [
    'client_credentials without a secret',
    http({ ...machine, clientId: 'i' }),
    'auth.clientSecret',
    /needs clientId and clientSecret/,
  ],
  [
    'a secret without its client',
    http({ type: 'oauth', clientSecret: 's' }),
    'auth.clientId',
    /id of the client/,
  ],
  [
    'a bearer token beside it',
    http({ type: 'oauth' }, { headers: { authorization: 'Bearer x' } }),
    'headers.authorization',
    /either auth or/,
  ],
  [
    'an address for each execution',
    http({ type: 'oauth' }, { url: 'https://box.example/{{executionId}}' }),
    'url',
    /one address/,
  ],
  [
    'stdio',
    { type: 'stdio', command: 'true', auth: { type: 'oauth' } },
    'auth',
    /only servers over http and sse/,
  ],
])('%s is refused with what would be right', async (_name, transport, at, expected) => {
  const error: unknown = await load(transport).catch((caught: unknown) => caught);
  if (!(error instanceof ConfigError)) throw new Error('a ConfigError was expected');
  expect(error.issues).toEqual([
    expect.objectContaining({
      path: `mcpServers.box.transport.${at}`,
      expected: expect.stringMatching(expected),
    }),
  ]);
});
