import {
  discoverAuthorizationServerMetadata,
  selectClientAuthMethod,
} from '@modelcontextprotocol/sdk/client/auth.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { z } from 'zod';
import { createAuthorizationFetch } from './authorization-fetch.ts';
import { type Credential, isObtainedFor, type OAuthClient, type OAuthServer } from './credential.ts';
import { presentClient } from './request-tokens.ts';
import { AUTHORIZATION_LIMIT_MS } from './tunables.ts';

const revocationSchema = z.looseObject({
  revocation_endpoint: z.url(),
  revocation_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
});

/**
 * Tells the authorization server that the tokens are not used any more (RFC 7009; the SDK's client has no word for it). Null
 * when it does not offer that. `server` is how it is configured now, if it still is.
 */
export async function revokeTokens(
  credential: Credential,
  server: OAuthServer | null,
): Promise<boolean | null> {
  const { secrets, resourceUrl } = credential;
  const auth = server?.auth;
  // Whom the configuration trusts for another server than the credential's says nothing about this one.
  const tls = server && isObtainedFor(credential, server) ? server.tls : {};
  const fetchFn = await createAuthorizationFetch({ url: resourceUrl, auth, tls }, AUTHORIZATION_LIMIT_MS);
  const metadata = await discoverAuthorizationServerMetadata(secrets.authorizationServer, { fetchFn });
  const offered = revocationSchema.safeParse(metadata);
  if (!offered.success) return null;
  const client = auth ? presentClient(secrets.client, auth) : secrets.client;
  const method = selectClientAuthMethod(
    client,
    offered.data.revocation_endpoint_auth_methods_supported ??
      offered.data.token_endpoint_auth_methods_supported ??
      [],
  );
  const request = { endpoint: offered.data.revocation_endpoint, client, method, fetchFn };
  const answers = [];
  // The refresh token first: with it the access token usually goes, too.
  if (secrets.refreshToken !== null)
    answers.push(await revokeToken(request, secrets.refreshToken, 'refresh_token'));
  answers.push(await revokeToken(request, secrets.accessToken, 'access_token'));
  return answers.every(Boolean);
}

async function revokeToken(
  request: { endpoint: string; client: OAuthClient; method: string; fetchFn: FetchLike },
  token: string,
  hint: 'refresh_token' | 'access_token',
): Promise<boolean> {
  const { endpoint, client, method, fetchFn } = request;
  const body = new URLSearchParams({ token, token_type_hint: hint });
  const headers = new Headers({ accept: 'application/json' });
  if (method === 'client_secret_basic') {
    headers.set('authorization', `Basic ${btoa(`${client.client_id}:${client.client_secret ?? ''}`)}`);
  } else {
    body.set('client_id', client.client_id);
    if (method === 'client_secret_post') body.set('client_secret', client.client_secret ?? '');
  }
  const response = await fetchFn(endpoint, { method: 'POST', headers, body, redirect: 'manual' });
  await response.body?.cancel();
  return response.ok;
}
