import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { createFixtureServer } from './create-fixture-server.ts';
import { FIXTURE_TOOLS } from './fixture-tools.ts';

const RpcMessage = z.object({
  method: z.string().optional(),
  id: z.union([z.string(), z.number()]).optional(),
});

export interface HttpFixtureOptions {
  /** Answer with plain JSON instead of an event stream. */
  jsonResponses?: boolean;
  pageSize?: number;
  /** When set, requests without `Authorization: Bearer <token>` are answered 401. */
  token?: string;
  /** When set, a resource server of this authorization server (RFC 9728): other tokens than its own are answered 401. */
  signIn?: {
    issuer: string;
    accepts(token: string, resource: string): boolean;
    /** Scopes that it asks for. */
    scope?: string;
  };
  /** What its instructions, its tools' descriptions and those of their arguments say besides. */
  says?: string;
  /** Over HTTPS with this certificate. */
  tls?: { key: string; cert: string };
  /** Fixed port, to come back at the address of a closed fixture. */
  port?: number;
}

export interface HttpFixture {
  /** Streamable HTTP endpoint. */
  url: string;
  /** Legacy SSE endpoint. */
  sseUrl: string;
  port: number;
  /** Every tool execution, in order. */
  calls: { tool: string; args: Record<string, unknown> }[];
  /** Names of the tools whose running call a client cancelled. */
  cancelled: string[];
  /** Requests by the value of their header `X-Run`. */
  runs: ReadonlyMap<string, number>;
  /** What `DELETE /runs/{name}` named, in order. */
  cleanedUp: string[];
  /** Tokens that it was shown, in order. */
  tokens: string[];
  /** Number of live sessions, both transports. */
  sessionCount(): number;
  /** Cut the socket of the next `count` tool calls: before they execute, or while they execute. */
  dropNextCalls(count: number, when: 'before' | 'during'): void;
  /** Answer 404 to every session known so far, as a restarted server does. */
  forgetSessions(): void;
  /** List these tools from now on, instead of its own; null ends it. */
  listTools(tools: Tool[] | null): void;
  /** Answer everything with this HTTP status; null ends it. */
  answerWithStatus(status: number | null): void;
  close(): Promise<void>;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** Starts the fixture server on a free local port over streamable HTTP (`/mcp`) and legacy SSE (`/sse`). */
export async function startHttpFixture(options: HttpFixtureOptions = {}): Promise<HttpFixture> {
  const calls: HttpFixture['calls'] = [];
  const cancelled: string[] = [];
  const runs = new Map<string, number>();
  const cleanedUp: string[] = [];
  const tokens: string[] = [];
  const sockets = new Set<Socket>();
  const httpSessions = new Map<string, StreamableHTTPServerTransport>();
  const sseSessions = new Map<string, SSEServerTransport>();
  /** The sockets on which answers go out, by session (SSE) or session and request (HTTP): `crash` cuts its own. */
  const answerSockets = new Map<string, Socket>();
  let drops: { left: number; when: 'before' | 'during' } = { left: 0, when: 'before' };
  let forcedStatus: number | null = null;
  let listed: Tool[] | null = null;

  function newServer() {
    return createFixtureServer({
      onCrash: ({ sessionId, requestId }) => {
        const socket = answerSockets.get(`${sessionId}`) ?? answerSockets.get(`${sessionId} ${requestId}`);
        socket?.destroy();
      },
      onCall: (tool, args) => calls.push({ tool, args }),
      onCancelled: (tool) => cancelled.push(tool),
      listed: () => listed ?? FIXTURE_TOOLS,
      ...(options.pageSize ? { pageSize: options.pageSize } : {}),
      ...(options.says === undefined ? {} : { says: options.says }),
    });
  }

  /** True when the call was cut instead of handled. */
  function cutCall(message: z.infer<typeof RpcMessage>, request: IncomingMessage): boolean {
    if (message.method !== 'tools/call') return false;
    const session = request.headers['mcp-session-id'];
    if (message.id !== undefined) answerSockets.set(`${session} ${message.id}`, request.socket);
    if (drops.left === 0) return false;
    drops.left -= 1;
    if (drops.when === 'before') {
      request.socket.destroy();
      return true;
    }
    setTimeout(() => request.socket.destroy(), 100);
    return false;
  }

  async function handleStreamable(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = request.method === 'POST' ? await readJson(request) : undefined;
    const message = RpcMessage.catch({}).parse(body);
    if (cutCall(message, request)) return;
    const header = request.headers['mcp-session-id'];
    const known = typeof header === 'string' ? httpSessions.get(header) : undefined;
    if (known) return known.handleRequest(request, response, body);
    if (header !== undefined || message.method !== 'initialize') {
      response.writeHead(header === undefined ? 400 : 404, { 'content-type': 'application/json' });
      const error = { code: -32001, message: 'Session not found' };
      response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error }));
      return;
    }
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse: options.jsonResponses ?? false,
      onsessioninitialized: (id) => {
        httpSessions.set(id, transport);
      },
      onsessionclosed: (id) => {
        httpSessions.delete(id);
      },
    });
    await newServer().connect(transport);
    return transport.handleRequest(request, response, body);
  }

  async function handleSse(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (request.method === 'GET') {
      const transport = new SSEServerTransport('/messages', response);
      sseSessions.set(transport.sessionId, transport);
      answerSockets.set(transport.sessionId, request.socket);
      response.on('close', () => sseSessions.delete(transport.sessionId));
      return newServer().connect(transport);
    }
    const transport = sseSessions.get(url.searchParams.get('sessionId') ?? '');
    const body = await readJson(request);
    if (cutCall(RpcMessage.catch({}).parse(body), request)) return;
    if (!transport) {
      response.writeHead(404).end('Session not found');
      return;
    }
    return transport.handlePostMessage(request, response, body);
  }

  /** True when the request was answered here: with the metadata, or refused. */
  function guard(request: IncomingMessage, response: ServerResponse, path: string): boolean {
    const { signIn } = options;
    if (!signIn) return false;
    const origin = `${options.tls ? 'https' : 'http'}://${request.headers.host}`;
    const prefix = '/.well-known/oauth-protected-resource';
    if (path.startsWith(`${prefix}/`)) {
      const resource = `${origin}${path.slice(prefix.length)}`;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ resource, authorization_servers: [signIn.issuer] }));
      return true;
    }
    const endpoint = path === '/messages' ? '/sse' : path;
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token !== undefined) tokens.push(token);
    if (token !== undefined && signIn.accepts(token, `${origin}${endpoint}`)) return false;
    const scope = signIn.scope === undefined ? '' : `, scope="${signIn.scope}"`;
    const challenge = `Bearer error="invalid_token", resource_metadata="${origin}${prefix}${endpoint}"${scope}`;
    // Repeats what it was shown, as a careless server does.
    response.writeHead(401, { 'www-authenticate': challenge }).end(`not accepted: ${token}`);
    return true;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (guard(request, response, url.pathname)) return;
    if (forcedStatus !== null) {
      response.writeHead(forcedStatus).end('forced by the test');
    } else if (options.token && request.headers.authorization !== `Bearer ${options.token}`) {
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end('no valid token');
    } else if (url.pathname === '/mcp') {
      await handleStreamable(request, response);
    } else if (url.pathname === '/sse' || url.pathname === '/messages') {
      await handleSse(request, response, url);
    } else {
      response.writeHead(404).end();
    }
  }

  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const run = request.headers['x-run'];
    if (typeof run === 'string') runs.set(run, (runs.get(run) ?? 0) + 1);
    if (request.method === 'DELETE' && request.url?.startsWith('/runs/')) {
      cleanedUp.push(request.url.slice('/runs/'.length));
      response.writeHead(204).end();
      return;
    }
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  };
  const { tls } = options;
  const server = tls ? createSecureServer(tls, onRequest) : createServer(onRequest);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const origin = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;

  return {
    url: `${origin}/mcp`,
    sseUrl: `${origin}/sse`,
    port,
    calls,
    cancelled,
    runs,
    cleanedUp,
    tokens,
    sessionCount: () => httpSessions.size + sseSessions.size,
    dropNextCalls: (count, when) => {
      drops = { left: count, when };
    },
    forgetSessions: () => httpSessions.clear(),
    listTools: (tools) => {
      listed = tools;
    },
    answerWithStatus: (status) => {
      forcedStatus = status;
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
