import {
  discoverAuthorizationServerMetadata,
  exchangeAuthorization,
} from '@modelcontextprotocol/sdk/client/auth.js';
import { accessTo, type Principal, reaches } from '#src/server/auth/principal.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { SignInAction, SignInOutcome } from '../schema.ts';
import { createAuthorizationFetch } from './authorization-fetch.ts';
import {
  type CredentialSecrets,
  INSTALLATION,
  isPerUser,
  keyOf,
  type OAuthServer,
  toOAuthServer,
} from './credential.ts';
import { describeAuthorizationFailure } from './describe-failure.ts';
import { noteSignIn } from './history.ts';
import { type PendingSignIn, takeSignIn } from './pending-sign-in.ts';
import { expiryOf, presentClient } from './request-tokens.ts';
import { lockCredential, saveCredential } from './store-credential.ts';
import { DISCOVERY_LIMIT_MS } from './tunables.ts';

/** What an authorization server sends back through the person's browser (RFC 6749, 4.1.2; RFC 9207). */
export type SignInAnswer = {
  state: string;
  code: string | null;
  error: string | null;
  issuer: string | null;
};

export type FinishedSignIn = { outcome: SignInOutcome; server: string | null; project: string | null };

/** Why a sign-in came to nothing. */
class Refusal extends Error {
  readonly outcome: Exclude<SignInOutcome, 'connected'>;
  constructor(outcome: Exclude<SignInOutcome, 'connected'>, detail: string) {
    super(detail);
    this.outcome = outcome;
  }
}

/**
 * Ends a sign-in that a person comes back from: the state is used up, the code exchanged, the credential stored and the
 * history written. Every way in which it can fail is an outcome.
 */
export async function finishSignIn(
  kernel: Kernel,
  { answer, person }: { answer: SignInAnswer; person: Extract<Principal, { kind: 'user' }> },
): Promise<FinishedSignIn> {
  const taken = await takeSignIn(kernel.database.pool, kernel.secrets, {
    state: answer.state,
    userId: person.userId,
  });
  if (!taken) return { outcome: 'unknown', server: null, project: null };
  const { server: name, project, holder } = taken;
  const note = { server: name, holder, actor: person.name, userId: person.userId };
  try {
    const isOwn = holder !== INSTALLATION.id;
    const level = accessTo(person, taken.projectId);
    if (!level || !reaches(level, isOwn ? 'operator' : 'admin'))
      throw new Refusal('forbidden', isOwn ? 'no operator any more' : 'no administrator any more');
    if (taken.isLate || !taken.pending) throw new Refusal('expired', 'took too long');
    const transport = kernel.config.current().mcpServers[name]?.transport;
    const server = toOAuthServer(name, transport, isOwn ? { id: holder, subject: 'you' } : INSTALLATION);
    const isChanged = server?.auth.grant !== 'authorization_code' || (isOwn && !isPerUser(transport));
    if (isChanged || server.url !== taken.resourceUrl)
      throw new Refusal('changed', 'its configuration was changed meanwhile');
    const { expiresAt, ...secrets } = await exchangeCode(server, taken.pending, answer);
    await kernel.database.transaction(async (sql) => {
      await lockCredential(sql, keyOf(server));
      await saveCredential(sql, kernel.secrets, keyOf(server), {
        resourceUrl: server.url,
        connectedBy: person.name,
        connectedAt: new Date(),
        expiresAt,
        secrets,
      });
      await noteSignIn(sql, { ...note, action: 'connected' });
    });
    kernel.log.info({ mcpServer: name, userId: person.userId }, 'mcp server connected');
    return { outcome: 'connected', server: name, project };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const action: SignInAction = error.outcome === 'denied' ? 'denied' : 'failed';
    await noteSignIn(kernel.database.pool, { ...note, action, detail: error.message });
    kernel.log.warn({ mcpServer: name, userId: person.userId, reason: error.message }, 'mcp sign-in failed');
    return { outcome: error.outcome, server: name, project };
  }
}

/** The codes of RFC 6749 and OpenID; anything else is text of somebody else's. */
const ERROR_CODE = /^[a-z_]{1,40}$/;

async function exchangeCode(
  server: OAuthServer,
  pending: PendingSignIn,
  { code, error, issuer }: SignInAnswer,
): Promise<CredentialSecrets & { expiresAt: Date | null }> {
  if (error === 'access_denied') throw new Refusal('denied', 'the consent was denied');
  if (error !== null || code === null) {
    const word = error !== null && ERROR_CODE.test(error) ? error : 'an error';
    throw new Refusal('failed', `the authorization server answered ${word}`);
  }
  const { authorizationServer, resource, redirectUrl } = pending;
  const client = presentClient(pending.client, server.auth);
  try {
    const fetchFn = await createAuthorizationFetch(server, DISCOVERY_LIMIT_MS);
    const metadata = await discoverAuthorizationServerMetadata(authorizationServer, { fetchFn });
    if (issuer !== null && metadata && issuer !== metadata.issuer)
      throw new Refusal('failed', 'the answer came from another authorization server');
    const askedAt = new Date();
    const tokens = await exchangeAuthorization(authorizationServer, {
      clientInformation: client,
      authorizationCode: code,
      codeVerifier: pending.verifier,
      redirectUri: redirectUrl,
      fetchFn,
      ...(metadata && { metadata }),
      ...(resource !== null && { resource }),
    });
    return {
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token ?? null,
      // A configured secret stays in the configuration.
      client: server.auth.clientId === undefined ? pending.client : { client_id: server.auth.clientId },
      authorizationServer,
      resource,
      scope: tokens.scope ?? pending.scope,
      redirectUrl,
      expiresAt: expiryOf(tokens, askedAt),
    };
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal('failed', describeAuthorizationFailure(cause).text);
  }
}
