import { z } from 'zod';
import type { McpAuthConfig, McpTransportConfig } from '#src/server/config/index.ts';
import { NeedsSignInError, type ServerTls, tlsOf } from '#src/server/mcp/index.ts';
import { RENEW_BEFORE_MS } from './tunables.ts';

/** The client as the authorization server knows it, registered by us or configured. */
export const clientSchema = z.object({
  client_id: z.string(),
  client_secret: z.string().optional(),
  client_secret_expires_at: z.number().optional(),
  token_endpoint_auth_method: z.string().optional(),
});
export type OAuthClient = z.infer<typeof clientSchema>;

/** What is kept encrypted. Tokens and client go to this authorization server only, and name this resource. */
export const credentialSecretsSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string().nullable(),
  client: clientSchema,
  authorizationServer: z.string(),
  resource: z.string().nullable(),
  scope: z.string().nullable(),
  /** Where a registered client may be led back to. */
  redirectUrl: z.string().nullable(),
});
export type CredentialSecrets = z.infer<typeof credentialSecretsSchema>;

export type Credential = {
  grant: McpAuthConfig['grant'];
  resourceUrl: string;
  expiresAt: Date | null;
  renewable: boolean;
  refusedAt: Date | null;
  connectedBy: string | null;
  connectedAt: Date;
  secrets: CredentialSecrets;
};

/** A server that wants a sign-in, as it is configured now. */
export type OAuthServer = { server: string; url: string; auth: McpAuthConfig; tls: ServerTls };

/** The server with its sign-in; null when it wants none. */
export function toOAuthServer(server: string, transport: McpTransportConfig | undefined): OAuthServer | null {
  if (!transport || transport.type === 'stdio' || !transport.auth) return null;
  return { server, url: new URL(transport.url).href, auth: transport.auth, tls: tlsOf(transport) };
}

export type TokenDecision =
  | { action: 'use'; token: string }
  | { action: 'renew' }
  | { action: 'sign_in'; why: string };

const SIGN_IN_WHY = {
  never: 'nobody has connected it yet.',
  moved: 'its address or its authorization server has changed since it was connected.',
  client: 'its client has changed since it was connected.',
  ended: 'the last sign-in has ended.',
} as const;

/** Said when a server refuses a token that should be good. */
export const needsNewSignIn = () =>
  new NeedsSignInError('the server does not accept the present one.', { refused: true });
/** Said when the authorization server does not renew a token any more. */
export const endedSignIn = () => new NeedsSignInError(SIGN_IN_WHY.ended);

/**
 * What to do for the next request. A token is used for the server, client and authorization server that it was obtained
 * for and for no other: a changed configuration must not send it somewhere else. Pure.
 */
export function decideToken(credential: Credential | null, server: OAuthServer, now: Date): TokenDecision {
  const mayRenew = server.auth.grant === 'client_credentials';
  const mismatch = findMismatch(credential, server);
  if (!credential || mismatch)
    return mayRenew ? { action: 'renew' } : { action: 'sign_in', why: SIGN_IN_WHY[mismatch ?? 'never'] };
  if (credential.refusedAt) return { action: 'sign_in', why: SIGN_IN_WHY.ended };
  const leftMs = (credential.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) - now.getTime();
  if (leftMs <= RENEW_BEFORE_MS && (mayRenew || credential.renewable)) return { action: 'renew' };
  if (leftMs <= 0) return { action: 'sign_in', why: SIGN_IN_WHY.ended };
  return { action: 'use', token: credential.secrets.accessToken };
}

function findMismatch(
  credential: Credential | null,
  server: OAuthServer,
): 'never' | 'moved' | 'client' | null {
  const { clientId } = server.auth;
  if (!credential) return 'never';
  if (!isObtainedFor(credential, server)) return 'moved';
  if (clientId !== undefined && clientId !== credential.secrets.client.client_id) return 'client';
  return null;
}

/** Whether server and authorization server are still those that it came from. */
export const isObtainedFor = (credential: Credential, { url, auth }: OAuthServer): boolean =>
  credential.resourceUrl === url &&
  (auth.issuer === undefined || isSameIssuer(auth.issuer, credential.secrets.authorizationServer));

/** Addresses are compared as parsed, and a slash at the end makes no other server of it. */
const isSameIssuer = (a: string, b: string): boolean => withoutSlash(a) === withoutSlash(b);
const withoutSlash = (address: string): string => new URL(address).href.replace(/\/$/, '');
