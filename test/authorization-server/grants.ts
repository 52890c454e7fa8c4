import { createHash, randomUUID } from 'node:crypto';
import type { Client } from './clients.ts';

type Code = { clientId: string; redirectUri: string; challenge: string; resource: string; scope: string };
type Family = { live: boolean };
type Access = { family: Family; resource: string; expiresAt: number; scope: string };
type Refresh = { family: Family; clientId: string; resource: string; scope: string; used: boolean };
type Answer = Record<string, unknown>;

export type Grants = {
  /** Seconds that an access token holds; null: it is issued without saying. */
  lifetimeSeconds: number | null;
  /** Whether refresh tokens are issued. */
  refreshable: boolean;
  /** Every token that was ever issued, for tests that look for them where they must not be. */
  issued: string[];
  /** Refresh tokens that were shown a second time. */
  reused: number;
  issueCode(query: URLSearchParams): string;
  exchange(client: Client, body: URLSearchParams): Answer;
  revoke(token: string): void;
  /** Ends every sign-in, as an administrator there does. */
  endAll(): void;
  /** Ends the access tokens and leaves the refresh tokens. */
  expireAccess(): void;
  accepts(token: string, resource: string): boolean;
};

export function createGrants(): Grants {
  const codes = new Map<string, Code>();
  const access = new Map<string, Access>();
  const refresh = new Map<string, Refresh>();

  const issue = (family: Family, about: { clientId: string; resource: string; scope: string }): Answer => {
    const { clientId, resource, scope } = about;
    const token = `access-${randomUUID()}`;
    const lifetimeSeconds = grants.lifetimeSeconds ?? 3_600;
    access.set(token, { family, resource, scope, expiresAt: Date.now() + lifetimeSeconds * 1_000 });
    grants.issued.push(token);
    const answer: Answer = { access_token: token, token_type: 'Bearer', scope };
    if (grants.lifetimeSeconds !== null) answer.expires_in = grants.lifetimeSeconds;
    if (!grants.refreshable) return answer;
    const renewal = `refresh-${randomUUID()}`;
    refresh.set(renewal, { family, clientId, resource, scope, used: false });
    grants.issued.push(renewal);
    return { ...answer, refresh_token: renewal };
  };

  const exchangeCode = (client: Client, body: URLSearchParams): Answer => {
    const code = codes.get(body.get('code') ?? '');
    codes.delete(body.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    const fits =
      code?.clientId === client.id &&
      code.redirectUri === body.get('redirect_uri') &&
      code.challenge === challenge &&
      code.resource === body.get('resource');
    return fits && code ? issue({ live: true }, code) : { error: 'invalid_grant' };
  };

  const renew = (client: Client, body: URLSearchParams): Answer => {
    const shown = refresh.get(body.get('refresh_token') ?? '');
    if (!shown?.family.live || shown.clientId !== client.id) return { error: 'invalid_grant' };
    if (shown.used) {
      grants.reused += 1;
      shown.family.live = false;
      return { error: 'invalid_grant' };
    }
    shown.used = true;
    for (const token of access.values()) if (token.family === shown.family) token.expiresAt = 0;
    return issue(shown.family, shown);
  };

  const grants: Grants = {
    lifetimeSeconds: 3_600,
    refreshable: true,
    issued: [],
    reused: 0,
    issueCode(query) {
      const code = `code-${randomUUID()}`;
      codes.set(code, {
        clientId: query.get('client_id') ?? '',
        redirectUri: query.get('redirect_uri') ?? '',
        challenge: query.get('code_challenge') ?? '',
        resource: query.get('resource') ?? '',
        scope: query.get('scope') ?? '',
      });
      return code;
    },
    exchange(client, body) {
      switch (body.get('grant_type')) {
        case 'authorization_code':
          return exchangeCode(client, body);
        case 'refresh_token':
          return renew(client, body);
        case 'client_credentials': {
          if (client.secret === null) return { error: 'unauthorized_client' };
          const about = {
            clientId: client.id,
            resource: body.get('resource') ?? '',
            scope: body.get('scope') ?? '',
          };
          const { refresh_token: _none, ...answer } = issue({ live: true }, about);
          return answer;
        }
        default:
          return { error: 'unsupported_grant_type' };
      }
    },
    revoke(token) {
      const family = access.get(token)?.family ?? refresh.get(token)?.family;
      if (family) family.live = false;
    },
    endAll() {
      for (const { family } of [...access.values(), ...refresh.values()]) family.live = false;
    },
    expireAccess() {
      for (const token of access.values()) token.expiresAt = 0;
    },
    accepts(token, resource) {
      const known = access.get(token);
      return Boolean(known?.family.live && known.expiresAt > Date.now() && known.resource === resource);
    },
  };
  return grants;
}
