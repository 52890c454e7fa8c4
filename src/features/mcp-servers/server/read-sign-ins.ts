import type { Kernel } from '#src/server/kernel.ts';
import { type HeldSignIn, type SignInState, signInActions } from '../schema.ts';
import {
  type Credential,
  decideToken,
  INSTALLATION,
  isPerUser,
  keyOf,
  type OAuthServer,
  toOAuthServer,
} from './credential.ts';
import { describeMissing } from './describe-missing.ts';
import { loadCredential } from './store-credential.ts';
import { HISTORY_LIMIT } from './tunables.ts';

/**
 * The sign-ins of the configured servers that want one, by name, for people: without anything secret. `reader` is the id of
 * the person who looks, null for a key.
 */
export async function readSignIns(kernel: Kernel, reader: string | null): Promise<Map<string, SignInState>> {
  const { mcpServers } = kernel.config.current();
  const states = Object.entries(mcpServers).flatMap(([name, { transport }]) => {
    const server = toOAuthServer(name, transport);
    return server ? [readSignIn(kernel, server, isPerUser(transport) ? { reader } : null)] : [];
  });
  return new Map(await Promise.all(states));
}

async function readSignIn(
  kernel: Kernel,
  server: OAuthServer,
  perUser: { reader: string | null } | null,
): Promise<[string, SignInState]> {
  const readOwn = async () => {
    if (!perUser) return null;
    const { reader } = perUser;
    const [people, mine] = await Promise.all([
      countPeople(kernel, server.server),
      reader === null ? null : readHeld(kernel, { ...server, holder: { id: reader, subject: 'you' } }),
    ]);
    return { people, mine };
  };
  const [shared, own] = await Promise.all([readHeld(kernel, server), readOwn()]);
  return [server.server, { ...shared, perUser: own }];
}

async function readHeld(kernel: Kernel, server: OAuthServer): Promise<HeldSignIn> {
  const [credential, history] = await Promise.all([
    loadCredential(kernel.database.pool, kernel.secrets, keyOf(server)),
    readHistory(kernel, server),
  ]);
  return { ...describeSignIn(credential, server, new Date()), history };
}

async function countPeople(kernel: Kernel, server: string): Promise<number> {
  const { rows } = await kernel.database.pool.query<{ people: number }>(
    'select count(*)::int as people from mcp_credential where server = $1 and holder <> $2 and refused_at is null',
    [server, INSTALLATION.id],
  );
  return rows[0]?.people ?? 0;
}

/** How a sign-in stands. Pure. */
export function describeSignIn(
  credential: Credential | null,
  server: OAuthServer,
  now: Date,
): Omit<HeldSignIn, 'history'> {
  const decision = decideToken(credential, server, now);
  const isUsable = credential !== null && decision.action !== 'sign_in';
  const facts = {
    connectedBy: credential?.connectedBy ?? null,
    connectedAt: credential?.connectedAt.toISOString() ?? null,
    expiresAt: isUsable ? (credential.expiresAt?.toISOString() ?? null) : null,
    renewable: isUsable && (credential.renewable || server.auth.grant === 'client_credentials'),
  };
  if (server.auth.grant === 'client_credentials') return { state: 'automatic', why: null, ...facts };
  if (decision.action === 'sign_in')
    return { state: 'needs_sign_in', why: describeMissing(decision.why, server.holder), ...facts };
  return { state: 'signed_in', why: null, ...facts };
}

/**
 * The condition of a server as people see it: a credential that is missing counts at once, a new one is believed when the
 * server has been looked at with it. Pure.
 */
export function conditionOf(
  health: { status: string; error: string | null; checkedAt: Date | null },
  signIn: (Pick<SignInState, 'state' | 'why' | 'connectedAt'> & { perUser: unknown }) | null,
): { status: string; error: string | null } {
  const { status, error, checkedAt } = health;
  if (signIn?.perUser && signIn.connectedAt === null) return { status: 'per_user', error: null };
  if (signIn?.state === 'needs_sign_in')
    return { status: 'needs_sign_in', error: `needs sign-in: ${signIn.why}` };
  const connectedAt = signIn?.connectedAt ?? null;
  const isUnseen = connectedAt !== null && (checkedAt === null || checkedAt < new Date(connectedAt));
  if (isUnseen && (status === 'needs_sign_in' || status === 'unknown'))
    return { status: 'checking', error: null };
  return { status, error };
}

async function readHistory(kernel: Kernel, server: OAuthServer): Promise<HeldSignIn['history']> {
  const rows = await kernel.database.prisma.mcpSignInEvent.findMany({
    where: { server: server.server, holder: server.holder.id },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: HISTORY_LIMIT,
  });
  return rows.map(({ action, actor, detail, createdAt }) => ({
    action: signInActions.find((known) => known === action) ?? 'failed',
    actor,
    detail,
    at: createdAt.toISOString(),
  }));
}
