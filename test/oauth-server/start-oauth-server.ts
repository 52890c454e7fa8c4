import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type Account = {
  id: number;
  login: string;
  name?: string;
  email?: string;
  privateEmail?: string;
  /** Entered, and never confirmed. */
  claimedEmail?: string;
};

export type OAuthServer = {
  url: string;
  clientId: string;
  clientSecret: string;
  /** Who consents at the next visit; null denies. */
  signInAs(account: Account | null): void;
  close(): Promise<void>;
};

type Grant = { account: Account; redirectUri: string; challenge: string };

/**
 * An authorization server that behaves as GitHub Enterprise does towards an OAuth app: code flow with state and PKCE
 * (S256), single-use codes, client secret, `/api/v3/user` and `/api/v3/user/emails` behind the issued token. Refuses what
 * GitHub refuses. Source: docs.github.com, "Authorizing OAuth apps".
 */
export async function startOAuthServer(): Promise<OAuthServer> {
  const clientId = 'Iv1.test';
  const clientSecret = randomBytes(16).toString('hex');
  const grants = new Map<string, Grant>();
  const tokens = new Map<string, Account>();
  let consenting: Account | null = null;

  const authorize = (url: URL, res: ServerResponse) => {
    const query = url.searchParams;
    const redirectUri = query.get('redirect_uri') ?? '';
    if (query.get('client_id') !== clientId || !redirectUri)
      return answer(res, 404, { error: 'unknown client' });
    const back = new URL(redirectUri);
    back.searchParams.set('state', query.get('state') ?? '');
    if (!consenting) back.searchParams.set('error', 'access_denied');
    else {
      const code = randomBytes(10).toString('hex');
      grants.set(code, { account: consenting, redirectUri, challenge: query.get('code_challenge') ?? '' });
      back.searchParams.set('code', code);
    }
    res.writeHead(302, { location: back.toString() }).end();
  };

  const exchange = async (req: IncomingMessage, res: ServerResponse) => {
    const form = new URLSearchParams(await readText(req));
    const [id, secret] = basicCredentials(req) ?? [form.get('client_id'), form.get('client_secret')];
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    if (id !== clientId || secret !== clientSecret)
      return answer(res, 401, { error: 'incorrect_client_credentials' });
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!grant || grant.redirectUri !== form.get('redirect_uri') || grant.challenge !== challenge) {
      return answer(res, 200, { error: 'bad_verification_code' });
    }
    const token = `gho_${randomBytes(18).toString('hex')}`;
    tokens.set(token, grant.account);
    answer(res, 200, { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' });
  };

  const api = (path: string, req: IncomingMessage, res: ServerResponse) => {
    const account = tokens.get((req.headers.authorization ?? '').replace(/^Bearer /, ''));
    if (!account) return answer(res, 401, { message: 'Bad credentials' });
    if (path === '/api/v3/user') {
      const { id, login, name = null, email = null } = account;
      return answer(res, 200, { id, login, name, email, avatar_url: `https://avatars.invalid/${id}` });
    }
    const { privateEmail, claimedEmail } = account;
    answer(res, 200, [
      ...(privateEmail ? [{ email: privateEmail, primary: true, verified: true }] : []),
      ...(claimedEmail ? [{ email: claimedEmail, primary: false, verified: false }] : []),
    ]);
  };

  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://oauth.invalid');
    if (url.pathname === '/login/oauth/authorize') authorize(url, res);
    else if (url.pathname === '/login/oauth/access_token') void exchange(req, res);
    else if (url.pathname === '/api/v3/user' || url.pathname === '/api/v3/user/emails')
      api(url.pathname, req, res);
    else answer(res, 404, { message: 'Not Found' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    clientId,
    clientSecret,
    signInAs: (account) => {
      consenting = account;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function basicCredentials(req: IncomingMessage): [string, string] | null {
  const encoded = /^Basic (.+)$/.exec(req.headers.authorization ?? '')?.[1];
  if (!encoded) return null;
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64')
    .toString('utf8')
    .split(':')
    .map(decodeURIComponent);
  return [id, secret];
}

async function readText(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
