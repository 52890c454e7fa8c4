import { z } from 'zod';
import type { McpAuthConfig, McpTransportConfig } from '#src/server/config/index.ts';
import { type ServerTls, tlsOf } from '#src/server/mcp/index.ts';
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

/** Whose sign-in it is, and how they are spoken of. `id` is a person's, or empty for the installation. */
export type Holder = { id: string; subject: 'installation' | 'you' | { name: string } };

/** Signed in once for everybody and, at a server with `perUser`, for what no person has started. */
export const INSTALLATION: Holder = { id: '', subject: 'installation' };

/** What is stored of one holder at one server; `holder` is the id. */
export type SignInKey = { server: string; grant: McpAuthConfig['grant']; holder: string };

/** A server that wants a sign-in, as it is configured now, for one of those who hold one there. */
export type OAuthServer = {
  server: string;
  url: string;
  auth: McpAuthConfig;
  tls: ServerTls;
  holder: Holder;
};

/** The server with its sign-in; null when it wants none. */
export function toOAuthServer(
  server: string,
  transport: McpTransportConfig | undefined,
  holder: Holder = INSTALLATION,
): OAuthServer | null {
  if (!transport || transport.type === 'stdio' || !transport.auth) return null;
  return { server, url: new URL(transport.url).href, auth: transport.auth, tls: tlsOf(transport), holder };
}

/** Whether everybody has a sign-in of their own there. */
export const isPerUser = (transport: McpTransportConfig | undefined): boolean =>
  transport !== undefined && transport.type !== 'stdio' && transport.auth?.perUser === true;

/** Whose rights a call at the server has, by name; null where it has those of the installation. */
export const rightsOf = (
  { actsFor }: { actsFor: { name: string } | null },
  transport: McpTransportConfig | undefined,
): string | null => (isPerUser(transport) ? (actsFor?.name ?? null) : null);

export const keyOf = ({ server, auth, holder }: OAuthServer): SignInKey => ({
  server,
  grant: auth.grant,
  holder: holder.id,
});

/** Why a token cannot be had without a person. */
export type MissingSignIn = 'never' | 'moved' | 'client' | 'ended';

export type TokenDecision =
  | { action: 'use'; token: string }
  | { action: 'renew' }
  | { action: 'sign_in'; why: MissingSignIn };

/**
 * What to do for the next request. A token is used for the server, client and authorization server that it was obtained
 * for and for no other: a changed configuration must not send it somewhere else. Pure.
 */
export function decideToken(credential: Credential | null, server: OAuthServer, now: Date): TokenDecision {
  const mayRenew = server.auth.grant === 'client_credentials';
  const mismatch = findMismatch(credential, server);
  if (!credential || mismatch)
    return mayRenew ? { action: 'renew' } : { action: 'sign_in', why: mismatch ?? 'never' };
  if (credential.refusedAt) return { action: 'sign_in', why: 'ended' };
  const leftMs = (credential.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) - now.getTime();
  if (leftMs <= RENEW_BEFORE_MS && (mayRenew || credential.renewable)) return { action: 'renew' };
  if (leftMs <= 0) return { action: 'sign_in', why: 'ended' };
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
