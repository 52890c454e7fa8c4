import type { IncomingMessage } from 'node:http';
import { hashToken } from '../crypto.ts';
import type { Kernel } from '../kernel.ts';
import { createExpiringCache } from './expiring-cache.ts';
import { ensureProxyUser } from './external-users.ts';
import type { Principal } from './principal.ts';
import { type Credential, readCredentials } from './read-credentials.ts';
import { readSessionToken, sessionCookieName } from './session-token.ts';
import { KEY_TOUCH_INTERVAL_MS, PRINCIPAL_CACHE_MS, PRINCIPAL_CACHE_SIZE } from './tunables.ts';

export type Authenticated = {
  principal: Principal | null;
  /** Browsers add cookies (and proxies their headers) by themselves, so only these need the cross-site check. */
  ambient: boolean;
};

export type Authenticator = {
  authenticate(req: IncomingMessage): Promise<Authenticated>;
  /** Who is asking; null without a valid credential. Also the socket gateway's handshake. */
  principalFromRequest(req: IncomingMessage): Promise<Principal | null>;
  /** Looks everybody up anew from now on. */
  forget(): void;
};

/** What a credential is worth; a key's end counts to the second, whatever is remembered. */
type Found = { principal: Principal; expiresAt: Date | null };

/**
 * Turns credentials into principals. Look-ups are believed for `PRINCIPAL_CACHE_MS`, or until `forget`: a revoked key or a
 * removed membership takes effect at once where that is heard, and within that time everywhere else.
 */
export function createAuthenticator(
  kernel: Kernel,
  options: { authSecret: string; publicUrl: string },
): Authenticator {
  const cacheOptions = { ttlMs: PRINCIPAL_CACHE_MS, size: PRINCIPAL_CACHE_SIZE };
  const principals = createExpiringCache<Found | null>(cacheOptions);
  const reading = { cookieName: sessionCookieName(options.publicUrl), proxyHeaders: kernel.env.proxyHeaders };

  const lookUp = (credential: Credential): Promise<Found | null> => {
    switch (credential.kind) {
      case 'none':
      case 'invalid':
        return Promise.resolve(null);
      case 'key': {
        const hash = hashToken(credential.key);
        return principals.get(`key:${hash}`, () => findKey(kernel, hash));
      }
      case 'cookie':
        return principals.get(`cookie:${hashToken(credential.token)}`, async () => {
          const userId = await readSessionToken(options.authSecret, credential.token);
          return userId ? findUser(kernel, userId) : null;
        });
      case 'proxy':
        return principals.get(`proxy:${credential.user}`, async () => {
          const userId = await ensureProxyUser(kernel, credential);
          return findUser(kernel, userId);
        });
    }
  };

  const authenticate = async (req: IncomingMessage): Promise<Authenticated> => {
    const credential = readCredentials(req.headers, reading);
    const found = await lookUp(credential);
    const isOver = found?.expiresAt != null && found.expiresAt.getTime() <= Date.now();
    return {
      principal: isOver ? null : (found?.principal ?? null),
      ambient: credential.kind === 'cookie' || credential.kind === 'proxy',
    };
  };
  return {
    authenticate,
    principalFromRequest: async (req) => (await authenticate(req)).principal,
    forget: principals.clear,
  };
}

async function findKey(kernel: Kernel, hash: string): Promise<Found | null> {
  const key = await kernel.database.prisma.apiKey.findUnique({
    where: { hash },
    select: {
      id: true,
      name: true,
      projectId: true,
      scope: true,
      revokedAt: true,
      lastUsedAt: true,
      expiresAt: true,
    },
  });
  if (!key || key.revokedAt || (key.expiresAt && key.expiresAt.getTime() <= Date.now())) return null;
  if (!key.lastUsedAt || Date.now() - key.lastUsedAt.getTime() > KEY_TOUCH_INTERVAL_MS)
    touchKey(kernel, key.id);
  const { id: keyId, name, projectId, scope, expiresAt } = key;
  return { principal: { kind: 'key', keyId, name, projectId, scope }, expiresAt };
}

/** Notes the use; nobody waits for it, and its failure costs nothing but the note. */
function touchKey(kernel: Kernel, id: string): void {
  kernel.database.prisma.apiKey
    .updateMany({ where: { id }, data: { lastUsedAt: new Date() } })
    .catch((error: unknown) => kernel.log.debug({ err: error }, 'use of a key not noted'));
}

async function findUser(kernel: Kernel, userId: string): Promise<Found | null> {
  const user = await kernel.database.prisma.user.findUnique({
    where: { id: userId },
    select: { id: true, name: true, memberships: { select: { projectId: true, role: true } } },
  });
  if (!user) return null;
  const memberships = new Map(user.memberships.map((membership) => [membership.projectId, membership.role]));
  return { principal: { kind: 'user', userId: user.id, name: user.name, memberships }, expiresAt: null };
}
