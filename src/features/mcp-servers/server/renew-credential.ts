import { setTimeout as pause } from 'node:timers/promises';
import type { Sql } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { ConnectError } from '#src/server/mcp/index.ts';
import { type Credential, decideToken, isObtainedFor, keyOf, type OAuthServer } from './credential.ts';
import { describeAuthorizationFailure } from './describe-failure.ts';
import { missingSignIn, refusedSignIn } from './describe-missing.ts';
import { noteSignIn } from './history.ts';
import { refreshTokens, requestOwnToken } from './request-tokens.ts';
import { loadCredential, saveCredential, tryLockCredential } from './store-credential.ts';
import { RENEW_POLL_MS, RENEW_WAIT_MS } from './tunables.ts';

type Renewal = { token: string } | { failure: ConnectError };

/**
 * A token other than `stale`. Of all processes one asks the authorization server; the others find what it has written. The
 * new token is committed before anybody uses it. `signal` ends the wait for others, but no
 * request of ours: an answer that nobody takes would be a rotated refresh token lost. Throws `NeedsSignInError`, or a `ConnectError` that a later try may mend.
 */
export async function renewToken(
  kernel: Kernel,
  server: OAuthServer,
  { stale, signal }: { stale: string | null; signal?: AbortSignal | null | undefined },
): Promise<string> {
  const { database } = kernel;
  const deadline = Date.now() + RENEW_WAIT_MS;
  for (;;) {
    signal?.throwIfAborted();
    const renewal = await database.transaction(async (sql): Promise<Renewal | null> => {
      if (!(await tryLockCredential(sql, keyOf(server)))) return null;
      return renewLocked(kernel, sql, server, stale);
    });
    if (renewal && 'token' in renewal) return renewal.token;
    if (renewal) throw renewal.failure;
    // No connection is held while another process renews.
    if (Date.now() > deadline) throw new ConnectError('its token is still being renewed', 'connection');
    await pause(RENEW_POLL_MS);
  }
}

async function renewLocked(
  kernel: Kernel,
  sql: Sql,
  server: OAuthServer,
  stale: string | null,
): Promise<Renewal> {
  const credential = await loadCredential(sql, kernel.secrets, keyOf(server));
  const decision = decideToken(credential, server, new Date());
  if (decision.action === 'sign_in') return { failure: missingSignIn(server, decision.why) };
  // Somebody else was faster.
  if (decision.action === 'use' && decision.token !== stale) return { token: decision.token };
  const request = planRequest(credential, server);
  if (!request) return { failure: refusedSignIn() };
  let renewed: Awaited<ReturnType<typeof request>>;
  try {
    renewed = await request();
  } catch (error) {
    return { failure: await noteFailure(kernel, sql, server, error) };
  }
  const { expiresAt, ...secrets } = renewed;
  const connection = credential ?? { connectedBy: null, connectedAt: new Date() };
  await saveCredential(sql, kernel.secrets, keyOf(server), {
    resourceUrl: server.url,
    connectedBy: server.auth.grant === 'client_credentials' ? null : connection.connectedBy,
    connectedAt: connection.connectedAt,
    expiresAt,
    secrets,
  });
  return { token: secrets.accessToken };
}

/** How another token is had; null where only a person can get one. */
function planRequest(credential: Credential | null, server: OAuthServer) {
  if (server.auth.grant === 'client_credentials') {
    // What was learned of the authorization server holds for the address that it was learned from.
    const known = credential && isObtainedFor(credential, server) ? credential.secrets : null;
    return () => requestOwnToken(server, known);
  }
  const refreshToken = credential?.secrets.refreshToken;
  if (!credential || !refreshToken) return null;
  return () => refreshTokens(server, { ...credential.secrets, refreshToken });
}

async function noteFailure(
  kernel: Kernel,
  sql: Sql,
  oauth: OAuthServer,
  error: unknown,
): Promise<ConnectError> {
  const { server, grant, holder } = keyOf(oauth);
  const { final, text } = describeAuthorizationFailure(error);
  kernel.log.warn({ mcpServer: server, reason: text }, 'mcp token not renewed');
  if (!final) return new ConnectError(text, 'connection');
  if (grant === 'client_credentials') return new ConnectError(`its client was refused: ${text}`, 'auth');
  await sql.query(
    'update mcp_credential set refused_at = now() where server = $1 and "grant" = $2 and holder = $3',
    [server, grant, holder],
  );
  await noteSignIn(sql, { server, holder, action: 'refused', detail: text });
  return missingSignIn(oauth, 'ended');
}
