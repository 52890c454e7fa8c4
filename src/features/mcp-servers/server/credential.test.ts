import { describe, expect, test } from 'vitest';
import { mcpServerSchema } from '#src/server/config/schema-connections.ts';
import { type Credential, decideToken, type OAuthServer, toOAuthServer } from './credential.ts';
import { conditionOf, describeSignIn } from './read-sign-ins.ts';

const NOW = new Date('2026-11-27T12:00:00Z');
const inSeconds = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);

function server(auth: Record<string, unknown> = {}, url = 'https://box.example/mcp'): OAuthServer {
  const { transport } = mcpServerSchema.parse({
    transport: { type: 'http', url, auth: { type: 'oauth', ...auth } },
  });
  const found = toOAuthServer('box', transport);
  if (!found) throw new Error('it wants a sign-in');
  return found;
}

const credential = (changes: Partial<Credential> = {}): Credential => ({
  grant: 'authorization_code',
  resourceUrl: 'https://box.example/mcp',
  expiresAt: inSeconds(600),
  renewable: true,
  refusedAt: null,
  connectedBy: 'Ada',
  connectedAt: inSeconds(-600),
  secrets: {
    accessToken: 'token',
    refreshToken: 'refresh',
    client: { client_id: 'tars' },
    authorizationServer: 'https://login.example/',
    resource: null,
    scope: null,
    redirectUrl: null,
  },
  ...changes,
});

const OWN = { grant: 'client_credentials', clientId: 'tars', clientSecret: 's' };

describe('decideToken', () => {
  test.each([
    ['a good one', credential(), server(), 'use'],
    ['one whose end is unknown', credential({ expiresAt: null }), server(), 'use'],
    ['none', null, server(), 'sign_in'],
    ['one that ends soon', credential({ expiresAt: inSeconds(10) }), server(), 'renew'],
    [
      'one that ends soon and cannot be renewed',
      credential({ expiresAt: inSeconds(10), renewable: false }),
      server(),
      'use',
    ],
    [
      'one that has ended and cannot be renewed',
      credential({ expiresAt: NOW, renewable: false }),
      server(),
      'sign_in',
    ],
    ['one that is not renewed any more', credential({ refusedAt: NOW }), server(), 'sign_in'],
    ['one of another address', credential(), server({}, 'https://box.example/other'), 'sign_in'],
    ['one of another host', credential(), server({}, 'https://evil.example/mcp'), 'sign_in'],
    ['the same address, written otherwise', credential(), server({}, 'https://BOX.example:443/mcp'), 'use'],
    ['the same issuer, without its slash', credential(), server({ issuer: 'https://login.example' }), 'use'],
    ['another issuer', credential(), server({ issuer: 'https://other.example' }), 'sign_in'],
    ['another client', credential(), server({ clientId: 'other' }), 'sign_in'],
    ['no token of our own', null, server(OWN), 'renew'],
    [
      'a token of our own for another address',
      credential({ resourceUrl: 'https://x.example/' }),
      server(OWN),
      'renew',
    ],
    [
      'a token of our own that has ended',
      credential({ expiresAt: NOW, renewable: false }),
      server(OWN),
      'renew',
    ],
  ])('%s', (_name, held, configured, action) => {
    expect(decideToken(held, configured, NOW).action).toBe(action);
  });
});

test('a server without auth, or over stdio, wants no sign-in', () => {
  const plain = mcpServerSchema.parse({ transport: { type: 'http', url: 'https://box.example/mcp' } });
  expect(toOAuthServer('box', plain.transport)).toBeNull();
  expect(toOAuthServer('box', undefined)).toBeNull();
});

describe('conditionOf', () => {
  const seen = (status: string, checkedAt: Date | null = inSeconds(-30)) => ({
    status,
    error: null,
    checkedAt,
  });
  const shared = { perUser: null };
  const signedIn = {
    ...describeSignIn(credential({ connectedAt: inSeconds(-60) }), server(), NOW),
    ...shared,
  };
  const missing = { ...describeSignIn(null, server(), NOW), ...shared };
  const perUser = { perUser: { people: 2, mine: null } };

  test.each([
    ['a missing credential counts before the server is looked at', seen('healthy'), missing, 'needs_sign_in'],
    ['what the server says itself', seen('needs_sign_in'), signedIn, 'needs_sign_in'],
    ['what it said before the sign-in', seen('needs_sign_in', inSeconds(-90)), signedIn, 'checking'],
    ['other trouble stays what it is', seen('unhealthy', inSeconds(-90)), signedIn, 'unhealthy'],
    ['no sign-in wanted', seen('healthy'), null, 'healthy'],
    ['never seen since the sign-in', seen('unknown', null), signedIn, 'checking'],
    ['only people sign in', seen('unknown', null), { ...missing, ...perUser }, 'per_user'],
    ['people and the installation', seen('healthy'), { ...signedIn, ...perUser }, 'healthy'],
    [
      'people, and that of the installation has ended',
      seen('healthy'),
      { ...describeSignIn(credential({ refusedAt: NOW }), server(), NOW), ...perUser },
      'needs_sign_in',
    ],
  ])('%s', (_name, health, signIn, status) => {
    expect(conditionOf(health, signIn).status).toBe(status);
  });
});
