import { randomUUID } from 'node:crypto';
import { z } from 'zod';

export type Client = { id: string; secret: string | null; redirectUris: string[] };

export type Clients = {
  /** Clients that registered themselves (RFC 7591), in order. */
  registered: Client[];
  register(metadata: unknown): Record<string, unknown>;
  /** One that an administrator has made. */
  add(client: Client): void;
  /** As after a restart without a disk. */
  forget(): void;
  mayRedirect(id: string, redirectUri: string): boolean;
  /** By HTTP Basic, secret in the body, or none (public clients); null when it is not the client. */
  authenticate(authorization: string | undefined, body: URLSearchParams): Client | null;
};

const registration = z.object({
  redirect_uris: z.array(z.url()),
  token_endpoint_auth_method: z.string().default('client_secret_basic'),
});

export function createClients(): Clients {
  const known = new Map<string, Client>();
  const registered: Client[] = [];
  return {
    registered,
    register(metadata) {
      const asked = registration.parse(metadata);
      const isPublic = asked.token_endpoint_auth_method === 'none';
      const client = {
        id: `client-${randomUUID()}`,
        secret: isPublic ? null : randomUUID(),
        redirectUris: asked.redirect_uris,
      };
      known.set(client.id, client);
      registered.push(client);
      return { ...asked, client_id: client.id, ...(client.secret && { client_secret: client.secret }) };
    },
    add: (client) => void known.set(client.id, client),
    forget: () => known.clear(),
    mayRedirect: (id, redirectUri) => known.get(id)?.redirectUris.includes(redirectUri) ?? false,
    authenticate(authorization, body) {
      const [id, secret] = authorization?.startsWith('Basic ')
        ? Buffer.from(authorization.slice('Basic '.length), 'base64').toString('utf8').split(':')
        : [body.get('client_id') ?? '', body.get('client_secret') ?? undefined];
      const client = known.get(id ?? '');
      return client && client.secret === (secret ?? null) ? client : null;
    },
  };
}
