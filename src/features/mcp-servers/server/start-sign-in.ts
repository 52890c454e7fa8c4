import {
  auth,
  extractWWWAuthenticateParams,
  type OAuthClientProvider,
} from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientInformationMixed } from '@modelcontextprotocol/sdk/shared/auth.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { hashToken, newToken } from '#src/server/crypto.ts';
import { AppError } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { OAUTH_CALLBACK_PATH } from '../schema.ts';
import { createAuthorizationFetch } from './authorization-fetch.ts';
import { clientSchema, type Holder, isObtainedFor, type OAuthServer } from './credential.ts';
import { describeAuthorizationFailure } from './describe-failure.ts';
import { findOAuthServer } from './find-server.ts';
import type { PendingSignIn } from './pending-sign-in.ts';
import { presentClient } from './request-tokens.ts';
import { loadRegistered } from './store-credential.ts';
import { DISCOVERY_LIMIT_MS, SIGN_IN_KEPT_MS, SIGN_IN_LIFETIME_MS } from './tunables.ts';

/**
 * Begins a person's sign-in at a server: finds its authorization server, registers TARS there if need be, and keeps what
 * the way back needs. Returns the address at which the person consents. Throws an `AppError` that says what is wrong.
 */
export async function startSignIn(
  kernel: Kernel,
  options: { server: string; holder: Holder; projectId: string; userId: string },
): Promise<{ url: string }> {
  const server = findOAuthServer(kernel, options.server, options.holder);
  if (server.auth.grant === 'client_credentials')
    throw new AppError('conflict', `TARS signs in to "${server.server}" by itself: nobody has to.`);
  const state = newToken();
  const { url, pending } = await begin(kernel, server, state).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause;
    throw describeStartFailure(kernel, server, cause);
  });
  await kernel.database.transaction(async (sql) => {
    await sql.query(`delete from mcp_sign_in where expires_at < now() - $1 * interval '1 millisecond'`, [
      SIGN_IN_KEPT_MS,
    ]);
    await sql.query(
      `insert into mcp_sign_in (state_hash, server, resource_url, user_id, project_id, sealed, expires_at, holder)
       values ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 millisecond', $8)`,
      [
        hashToken(state),
        server.server,
        server.url,
        options.userId,
        options.projectId,
        Buffer.from(kernel.secrets.seal(JSON.stringify(pending))),
        SIGN_IN_LIFETIME_MS,
        options.holder.id,
      ],
    );
  });
  return { url: url.href };
}

export const callbackUrl = (kernel: Kernel): string => `${kernel.env.publicUrl}${OAUTH_CALLBACK_PATH}`;

async function begin(
  kernel: Kernel,
  server: OAuthServer,
  state: string,
): Promise<{ url: URL; pending: PendingSignIn }> {
  const fetchFn = await createAuthorizationFetch(server, DISCOVERY_LIMIT_MS);
  const { resourceMetadataUrl, scope: askedScope } = await readChallenge(kernel, server, fetchFn);
  const redirectUrl = callbackUrl(kernel);
  const learned = new Learned();
  const provider = toProvider({
    server,
    state,
    redirectUrl,
    learned,
    client: await knownClient(kernel, server, redirectUrl),
  });
  const scope = server.auth.scopes?.join(' ') || askedScope;
  await auth(provider, {
    serverUrl: server.url,
    fetchFn,
    ...(scope && { scope }),
    ...(resourceMetadataUrl && { resourceMetadataUrl }),
  });
  const { url, client, authorizationServer, resource, verifier } = learned;
  if (!url || !client || !authorizationServer || !verifier)
    throw new Error('the SDK did not begin a sign-in');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new AppError('bad_request', `The sign-in page of "${server.server}" is not http or https.`);
  return {
    url,
    pending: {
      verifier,
      client: clientSchema.parse(client),
      authorizationServer,
      resource,
      redirectUrl,
      scope: url.searchParams.get('scope'),
    },
  };
}

/** What the SDK finds out on its way to the consent page. */
class Learned {
  url: URL | undefined;
  verifier: string | undefined;
  client: OAuthClientInformationMixed | undefined;
  authorizationServer: string | undefined;
  resource: string | null = null;
}

function toProvider(options: {
  server: OAuthServer;
  state: string;
  redirectUrl: string;
  learned: Learned;
  client: OAuthClientInformationMixed | undefined;
}): OAuthClientProvider {
  const { server, state, redirectUrl, learned, client } = options;
  const { issuer, scopes } = server.auth;
  learned.client = client;
  learned.authorizationServer = issuer;
  return {
    redirectUrl,
    clientMetadata: {
      client_name: 'TARS',
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      ...(scopes && { scope: scopes.join(' ') }),
    },
    state: () => state,
    discoveryState: () => (issuer === undefined ? undefined : { authorizationServerUrl: issuer }),
    saveDiscoveryState: ({ authorizationServerUrl, resourceMetadata }) => {
      learned.authorizationServer = authorizationServerUrl;
      learned.resource = resourceMetadata?.resource ?? null;
    },
    clientInformation: () => learned.client,
    saveClientInformation: (registered) => {
      learned.client = registered;
    },
    // Whoever presses the button wants a new sign-in, whatever there is.
    tokens: () => undefined,
    saveTokens: () => undefined,
    saveCodeVerifier: (verifier) => {
      learned.verifier = verifier;
    },
    codeVerifier: () => learned.verifier ?? '',
    redirectToAuthorization: (url) => {
      learned.url = url;
    },
  };
}

/** The configured client, or the one that is registered there already. */
async function knownClient(
  kernel: Kernel,
  server: OAuthServer,
  redirectUrl: string,
): Promise<OAuthClientInformationMixed | undefined> {
  const { clientId, issuer } = server.auth;
  if (clientId !== undefined)
    return { ...presentClient({ client_id: clientId }, server.auth), ...(issuer && { issuer }) };
  const credential = await loadRegistered(kernel.database.pool, kernel.secrets, server);
  if (!credential || !isObtainedFor(credential, server)) return undefined;
  const { client, authorizationServer, redirectUrl: known } = credential.secrets;
  const endsAt = client.client_secret_expires_at ?? 0;
  if (known !== redirectUrl || (endsAt !== 0 && endsAt * 1_000 < Date.now())) return undefined;
  return { ...client, issuer: authorizationServer };
}

/** What the server itself says about its sign-in when it is asked without one. */
async function readChallenge(kernel: Kernel, server: OAuthServer, fetchFn: FetchLike) {
  const transport = kernel.config.current().mcpServers[server.server]?.transport;
  const headers = transport && transport.type !== 'stdio' ? transport.headers : {};
  try {
    const response = await fetchFn(server.url, {
      headers: { ...headers, accept: 'text/event-stream' },
      redirect: 'manual',
    });
    await response.body?.cancel();
    return extractWWWAuthenticateParams(response);
  } catch (error) {
    const { text } = describeAuthorizationFailure(error);
    kernel.log.debug({ mcpServer: server.server, reason: text }, 'mcp server did not say how to sign in');
    return {};
  }
}

function describeStartFailure(kernel: Kernel, server: OAuthServer, cause: unknown): AppError {
  const { text } = describeAuthorizationFailure(cause);
  kernel.log.warn({ mcpServer: server.server, reason: text }, 'mcp sign-in not begun');
  if (text.includes('dynamic client registration'))
    return new AppError(
      'bad_request',
      `The authorization server of "${server.server}" registers no clients by itself. Register TARS there with the redirect address ${callbackUrl(kernel)}, and set auth.clientId (and auth.clientSecret) of the server.`,
    );
  return new AppError('bad_request', `The sign-in to "${server.server}" could not begin: ${text}.`);
}
