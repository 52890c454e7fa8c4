import {
  discoverAuthorizationServerMetadata,
  discoverOAuthServerInfo,
  fetchToken,
  refreshAuthorization,
} from '@modelcontextprotocol/sdk/client/auth.js';
import { ClientCredentialsProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import type { OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { checkResourceAllowed } from '@modelcontextprotocol/sdk/shared/auth-utils.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { createAuthorizationFetch } from './authorization-fetch.ts';
import type { CredentialSecrets, OAuthClient, OAuthServer } from './credential.ts';
import { AUTHORIZATION_LIMIT_MS } from './tunables.ts';

/** When a token runs out; null when the server does not say. Counted from before it was asked for: never too long. */
export function expiryOf(tokens: OAuthTokens, askedAt: Date): Date | null {
  return tokens.expires_in === undefined ? null : new Date(askedAt.getTime() + tokens.expires_in * 1_000);
}

/** A token for TARS itself. The authorization server that answered first stays the only one that is shown the secret. */
export async function requestOwnToken(
  server: OAuthServer,
  known: CredentialSecrets | null,
): Promise<CredentialSecrets & { expiresAt: Date | null }> {
  const { url, auth } = server;
  const { clientId, clientSecret, scopes } = auth;
  if (clientId === undefined || clientSecret === undefined) throw new Error('no client is configured');
  const askedAt = new Date();
  const fetchFn = await createAuthorizationFetch(server, AUTHORIZATION_LIMIT_MS);
  const place = known ?? (await discover({ url, auth }, fetchFn));
  const { authorizationServer, resource } = place;
  const metadata = await discoverAuthorizationServerMetadata(authorizationServer, { fetchFn });
  const scope = scopes?.join(' ');
  const provider = new ClientCredentialsProvider({
    clientId,
    clientSecret,
    clientName: 'TARS',
    expectedIssuer: authorizationServer,
    ...(scope ? { scope } : {}),
  });
  const tokens = await fetchToken(provider, authorizationServer, {
    fetchFn,
    ...(metadata && { metadata }),
    ...(resource !== null && { resource }),
  });
  return {
    accessToken: tokens.access_token,
    refreshToken: null,
    // The secret stays in the configuration.
    client: { client_id: clientId },
    authorizationServer,
    resource,
    scope: tokens.scope ?? null,
    redirectUrl: null,
    expiresAt: expiryOf(tokens, askedAt),
  };
}

async function discover(
  { url, auth }: Pick<OAuthServer, 'url' | 'auth'>,
  fetchFn: FetchLike,
): Promise<{ authorizationServer: string; resource: string | null }> {
  const info = await discoverOAuthServerInfo(url, { fetchFn });
  const resource = info.resourceMetadata?.resource ?? null;
  if (resource !== null && !checkResourceAllowed({ requestedResource: url, configuredResource: resource }))
    throw new Error('Protected resource does not match');
  return { authorizationServer: auth.issuer ?? String(info.authorizationServerUrl), resource };
}

/** New tokens for a refresh token, from the authorization server that issued it. */
export async function refreshTokens(
  server: OAuthServer,
  secrets: CredentialSecrets & { refreshToken: string },
): Promise<CredentialSecrets & { expiresAt: Date | null }> {
  const askedAt = new Date();
  const fetchFn = await createAuthorizationFetch(server, AUTHORIZATION_LIMIT_MS);
  const metadata = await discoverAuthorizationServerMetadata(secrets.authorizationServer, { fetchFn });
  const tokens = await refreshAuthorization(secrets.authorizationServer, {
    clientInformation: presentClient(secrets.client, server.auth),
    refreshToken: secrets.refreshToken,
    fetchFn,
    ...(metadata && { metadata }),
    ...(secrets.resource !== null && { resource: secrets.resource }),
  });
  return {
    ...secrets,
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? null,
    scope: tokens.scope ?? secrets.scope,
    expiresAt: expiryOf(tokens, askedAt),
  };
}

/** A configured client's secret is always the current one; a registered client has its own. */
export const presentClient = (client: OAuthClient, auth: OAuthServer['auth']): OAuthClient =>
  auth.clientId === undefined
    ? client
    : { client_id: auth.clientId, ...(auth.clientSecret && { client_secret: auth.clientSecret }) };
