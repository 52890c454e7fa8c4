import type { Kernel } from '#src/server/kernel.ts';
import type { SignInState } from '../schema.ts';
import { signInActions } from '../schema.ts';
import { type Credential, decideToken, type OAuthServer, toOAuthServer } from './credential.ts';
import { loadCredential } from './store-credential.ts';
import { HISTORY_LIMIT } from './tunables.ts';

/** The sign-ins of the configured servers that want one, by name, for people: without anything secret. */
export async function readSignIns(kernel: Kernel): Promise<Map<string, SignInState>> {
  const { pool } = kernel.database;
  const servers = Object.entries(kernel.config.current().mcpServers).flatMap(([name, { transport }]) => {
    const server = toOAuthServer(name, transport);
    return server ? [server] : [];
  });
  const states = servers.map(async (server) => {
    const [credential, history] = await Promise.all([
      loadCredential(pool, kernel.secrets, server),
      readHistory(kernel, server.server),
    ]);
    return [server.server, { ...describeSignIn(credential, server, new Date()), history }] as const;
  });
  return new Map(await Promise.all(states));
}

/** How a sign-in stands. Pure. */
export function describeSignIn(
  credential: Credential | null,
  server: OAuthServer,
  now: Date,
): Omit<SignInState, 'history'> {
  const decision = decideToken(credential, server, now);
  const isUsable = credential !== null && decision.action !== 'sign_in';
  const facts = {
    connectedBy: credential?.connectedBy ?? null,
    connectedAt: credential?.connectedAt.toISOString() ?? null,
    expiresAt: isUsable ? (credential.expiresAt?.toISOString() ?? null) : null,
    renewable: isUsable && (credential.renewable || server.auth.grant === 'client_credentials'),
  };
  if (server.auth.grant === 'client_credentials') return { state: 'automatic', why: null, ...facts };
  if (decision.action === 'sign_in') return { state: 'needs_sign_in', why: decision.why, ...facts };
  return { state: 'signed_in', why: null, ...facts };
}

/**
 * The condition of a server as people see it: a credential that is missing counts at once, a new one is believed when the
 * server has been looked at with it. Pure.
 */
export function conditionOf(
  health: { status: string; error: string | null; checkedAt: Date | null },
  signIn: Pick<SignInState, 'state' | 'why' | 'connectedAt'> | null,
): { status: string; error: string | null } {
  const { status, error, checkedAt } = health;
  if (signIn?.state === 'needs_sign_in')
    return { status: 'needs_sign_in', error: `needs sign-in: ${signIn.why}` };
  const isOld = signIn?.connectedAt != null && checkedAt !== null && checkedAt < new Date(signIn.connectedAt);
  if (status === 'needs_sign_in' && isOld) return { status: 'checking', error: null };
  return { status, error };
}

async function readHistory(kernel: Kernel, server: string): Promise<SignInState['history']> {
  const rows = await kernel.database.prisma.mcpSignInEvent.findMany({
    where: { server },
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
