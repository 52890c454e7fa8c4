import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type Clients, createClients } from './clients.ts';
import { createGrants, type Grants } from './grants.ts';

export type AuthorizationServer = {
  url: string;
  clients: Clients;
  grants: Grants;
  /** What happens at the consent page: it is shown, or somebody has already decided. */
  consent: 'ask' | 'allow' | 'deny';
  /** Answer requests for tokens with this HTTP status; null ends it. */
  failWith(status: number | null): void;
  /** Runs before each request for tokens is answered. */
  beforeToken: (() => Promise<void>) | null;
  /** Grants asked for, in order. */
  tokenRequests: string[];
  /** Parameters of the requests for consent. */
  authorizations: URLSearchParams[];
  /** Whether the metadata name a registration endpoint. */
  registers: boolean;
  close(): Promise<void>;
};

/**
 * An authorization server as the MCP specification asks for: metadata (RFC 8414), registration (RFC 7591), code flow with
 * PKCE S256 and resource (RFC 8707), `iss` in the answer (RFC 9207), refresh tokens that rotate and end with their family
 * when shown twice (OAuth 2.1, 4.3.1), client_credentials, revocation (RFC 7009). With `tls` over HTTPS.
 */
export async function startAuthorizationServer(
  options: { tls?: { key: string; cert: string } | undefined } = {},
): Promise<AuthorizationServer> {
  const { tls } = options;
  let forcedStatus: number | null = null;
  const onRequest = (req: IncomingMessage, res: ServerResponse) => {
    handle(req, res).catch((error: unknown) => res.writeHead(500).end(String(error)));
  };
  const http = tls ? createSecureServer(tls, onRequest) : createServer(onRequest);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const server: AuthorizationServer = {
    url,
    clients: createClients(),
    grants: createGrants(),
    consent: 'allow',
    failWith: (status) => {
      forcedStatus = status;
    },
    beforeToken: null,
    tokenRequests: [],
    authorizations: [],
    registers: true,
    close: async () => {
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(req.url ?? '/', url);
    switch (`${req.method} ${pathname}`) {
      case 'GET /.well-known/oauth-authorization-server':
        return json(res, 200, metadata());
      case 'POST /register': {
        const registered = server.clients.register(JSON.parse(await readText(req)));
        return json(res, 201, registered);
      }
      case 'GET /authorize':
        return authorize(res, searchParams);
      case 'POST /token':
        return token(req, res);
      case 'POST /revoke': {
        const body = new URLSearchParams(await readText(req));
        if (!server.clients.authenticate(req.headers.authorization, body))
          return json(res, 401, { error: 'invalid_client' });
        server.grants.revoke(body.get('token') ?? '');
        return json(res, 200, {});
      }
      default:
        return json(res, 404, { error: 'not_found' });
    }
  }

  const metadata = () => ({
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    revocation_endpoint: `${url}/revoke`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
    authorization_response_iss_parameter_supported: true,
    ...(server.registers && { registration_endpoint: `${url}/register` }),
  });

  function authorize(res: ServerResponse, query: URLSearchParams): void {
    server.authorizations.push(query);
    const redirectUri = query.get('redirect_uri') ?? '';
    // To an address that is not registered nobody is ever led back.
    if (!server.clients.mayRedirect(query.get('client_id') ?? '', redirectUri)) {
      json(res, 400, { error: 'invalid_request' });
      return;
    }
    const decision = query.get('decision') ?? server.consent;
    if (decision === 'ask') {
      consentPage(res, query);
      return;
    }
    const back = new URL(redirectUri);
    back.searchParams.set('state', query.get('state') ?? '');
    back.searchParams.set('iss', url);
    if (decision === 'deny') back.searchParams.set('error', 'access_denied');
    else back.searchParams.set('code', server.grants.issueCode(query));
    res.writeHead(302, { location: back.href }).end();
  }

  async function token(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = new URLSearchParams(await readText(req));
    server.tokenRequests.push(body.get('grant_type') ?? '');
    await server.beforeToken?.();
    // An error that repeats what was sent, as some servers' do.
    if (forcedStatus !== null) return void res.writeHead(forcedStatus).end(`broken: ${body}`);
    const client = server.clients.authenticate(req.headers.authorization, body);
    if (!client) return json(res, 401, { error: 'invalid_client' });
    const answer = server.grants.exchange(client, body);
    json(res, 'error' in answer ? 400 : 200, answer);
  }

  return server;
}

function consentPage(res: ServerResponse, query: URLSearchParams): void {
  const button = (decision: string, word: string) => {
    const again = new URLSearchParams(query);
    again.set('decision', decision);
    return `<a href="/authorize?${again.toString().replaceAll('&', '&amp;')}">${word}</a>`;
  };
  res
    .writeHead(200, { 'content-type': 'text/html' })
    .end(
      `<!doctype html><title>Consent</title><h1>TARS wants access</h1>${button('allow', 'Allow')} ${button('deny', 'Deny')}`,
    );
}

async function readText(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function json(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  res.end(JSON.stringify(body));
}
