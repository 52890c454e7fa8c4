import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type GitHubRequest = {
  path: string;
  authorization: string | null;
  ifNoneMatch: string | null;
  status: number;
};

export type GitHubServer = {
  url: string;
  /** Tree address of the folder `books` on the branch `main` of acme/ops. */
  repository: string;
  /** What people would copy from the browser. */
  blob(path: string): string;
  put(path: string, content: string | Buffer): void;
  remove(path: string): void;
  /** A page outside of the repository. */
  page(path: string, answer: (response: ServerResponse) => void): void;
  /** With a token the repository is private: GitHub then answers 404 to everybody else. */
  protect(token: string | null): void;
  /** Answers everything with this status until it is called with null. */
  breakDown(status: number | null, headers?: Record<string, string>): void;
  readonly requests: readonly GitHubRequest[];
  close(): Promise<void>;
};

const API = '/api/v3/repos/acme/ops/contents';

/**
 * A server that behaves as GitHub Enterprise does where runbooks are read: the contents API with raw text, listings, ETags
 * and tokens, HTML for the pages that people see. Source: docs.github.com, "REST API endpoints for repository contents".
 */
export async function startGitHubServer(): Promise<GitHubServer> {
  const files = new Map<string, Buffer>();
  const pages = new Map<string, (response: ServerResponse) => void>();
  const requests: GitHubRequest[] = [];
  let token: string | null = null;
  let outage: { status: number; headers: Record<string, string> } | null = null;

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://github.invalid');
    const path = decodeURIComponent(url.pathname);
    if (outage) return void response.writeHead(outage.status, outage.headers).end();
    const page = pages.get(path);
    if (page) return page(response);
    if (path.startsWith('/acme/ops/')) {
      return void response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end('<html></html>');
    }
    const isPrivate = token !== null && request.headers.authorization !== `Bearer ${token}`;
    const ref = url.searchParams.get('ref') ?? 'main';
    if (isPrivate || !path.startsWith(API) || ref !== 'main') return notFound(response);
    const place = path.slice(API.length).replace(/^\//, '');
    const file = files.get(place);
    if (file) sendFile(file, request, response);
    else sendListing(files, place, response);
  };

  const server = createServer((request, response) => {
    response.on('finish', () =>
      requests.push({
        path: request.url ?? '',
        authorization: request.headers.authorization ?? null,
        ifNoneMatch: request.headers['if-none-match'] ?? null,
        status: response.statusCode,
      }),
    );
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port }: Pick<AddressInfo, 'port'> = Object(server.address());
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    repository: `${url}/acme/ops/tree/main/books`,
    blob: (path) => `${url}/acme/ops/blob/main/${path}`,
    put: (path, content) => void files.set(path, Buffer.from(content)),
    remove: (path) => void files.delete(path),
    page: (path, send) => void pages.set(path, send),
    protect: (secret) => {
      token = secret;
    },
    breakDown: (status, headers = {}) => {
      outage = status === null ? null : { status, headers };
    },
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const notFound = (response: ServerResponse) =>
  void response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not Found"}');

function sendFile(file: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const etag = `"${createHash('sha256').update(file).digest('hex').slice(0, 16)}"`;
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
  if (!request.headers.accept?.includes('raw')) {
    const body = { type: 'file', encoding: 'base64', content: file.toString('base64') };
    return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
  response
    .writeHead(200, { 'content-type': 'application/vnd.github.raw+json; charset=utf-8', etag })
    .end(file);
}

/** "This API has an upper limit of 1,000 files for a directory." */
const LISTED_AT_MOST = 1_000;

function sendListing(files: ReadonlyMap<string, Buffer>, folder: string, response: ServerResponse): void {
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = [...files.keys()].filter((path) => path.startsWith(prefix));
  if (below.length === 0) {
    notFound(response);
    return;
  }
  const entries = new Map<string, 'file' | 'dir'>();
  for (const path of below) {
    const [name = '', ...rest] = path.slice(prefix.length).split('/');
    entries.set(name, rest.length === 0 ? 'file' : 'dir');
  }
  const body = [...entries]
    .slice(0, LISTED_AT_MOST)
    .map(([name, type]) => ({ type, name, path: `${prefix}${name}`, size: 1 }));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
