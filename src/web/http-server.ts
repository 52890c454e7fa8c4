import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Authenticator, createAuthenticator } from '#src/server/auth/authenticate.ts';
import type { Env } from '#src/server/env.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { announcesTooMuch } from '#src/server/rest/read-body.ts';
import { sendReply } from '#src/server/rest/send-reply.ts';
import { StartError } from '#src/server/start-error.ts';
import { version } from '#src/server/version.ts';
import { failurePage, opensPage } from './failure-page.ts';
import { createRequestHandler } from './handle-request.ts';
import type { HealthComponent, RelayState } from './health.ts';
import type { PageRenderer } from './serve-pages.ts';
import {
  KEEP_ALIVE_TIMEOUT_MS,
  REQUEST_TIMEOUT_MS,
  SHUTDOWN_GRACE_MS,
  SHUTDOWN_SWEEP_MS,
} from './tunables.ts';

/** Live updates, attached to the listening server. */
export type Realtime = {
  state: RelayState;
  /** Whether an upgrade request belongs to it; all others go to the pages. */
  owns(req: IncomingMessage): boolean;
  close(): Promise<void>;
};

export type HttpServer = {
  /** Where it listens, for this machine. */
  url: string;
  /** What people type; `TARS_URL`, or `url`. */
  publicUrl: string;
  close(options?: { noticeMs?: number }): Promise<void>;
};

export type HttpServerOptions = {
  kernel: Kernel;
  authSecret: string;
  openPages?: (address: { host: string; port: number }) => Promise<PageRenderer>;
  openRealtime?: (wiring: {
    kernel: Kernel;
    server: Server;
    authenticator: Authenticator;
  }) => Promise<Realtime>;
};

/** One port for everything. Listens first, so that a port in use is found before anything else starts. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { env } = options.kernel;
  const server = createServer({
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  });
  let handle = answerStarting;
  server.on('request', (req, res) => handle(req, res));
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
    // A client that asks first is spared sending what would be refused.
    if (!announcesTooMuch(req)) res.writeContinue();
    handle(req, res);
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable)
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  const port = await listen(server, env);
  const { url, publicUrl } = addressesOf(env, port);
  const kernel: Kernel = { ...options.kernel, env: { ...env, port, publicUrl } };
  const authenticator = createAuthenticator(kernel, { authSecret: options.authSecret, publicUrl });
  const state = { stopping: false };
  let realtime: Realtime | undefined;
  let pages: PageRenderer | undefined;
  try {
    realtime = await options.openRealtime?.({ kernel, server, authenticator });
    pages = await options.openPages?.({ host: env.host, port });
  } catch (error) {
    await realtime?.close();
    await closeServer(server);
    throw error;
  }
  server.on('upgrade', (req, socket, head) => {
    if (realtime?.owns(req)) return;
    if (pages) void pages.upgrade(req, socket, head).catch(() => socket.destroy());
    else socket.destroy();
  });
  handle = createRequestHandler({
    kernel,
    authenticator,
    authSecret: options.authSecret,
    publicUrl,
    pages,
    relay: realtime?.state ?? null,
    isStopping: () => state.stopping,
  });
  return {
    url,
    publicUrl,
    async close({ noticeMs = 0 } = {}) {
      state.stopping = true;
      if (noticeMs > 0) await sleep(noticeMs);
      await Promise.allSettled([realtime?.close(), closeServer(server)]);
      await pages?.close().catch((error: unknown) => kernel.log.warn({ err: error }, 'pages did not close'));
    },
  };
}

/** Until pages and live updates are open: the shapes that health checks and senders of alerts read anyway. */
function answerStarting(req: IncomingMessage, res: ServerResponse): void {
  const alive = req.url === '/api/health/live';
  const message = 'TARS is starting.';
  const requestId = newId();
  if (opensPage(req)) {
    sendReply(req, res, failurePage({ status: 503, code: 'unavailable', message, requestId }));
    return;
  }
  const body = alive
    ? { status: 'ok' }
    : {
        status: 'down',
        version,
        components: [{ name: 'web', status: 'down', detail: 'starting' }] satisfies HealthComponent[],
        error: { code: 'unavailable', message, requestId },
      };
  res
    .writeHead(alive ? 200 : 503, { 'retry-after': '1', 'content-type': 'application/json' })
    .end(JSON.stringify(body));
}

function listen(server: Server, env: Env): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const place = `${env.host}:${env.port}`;
      const reasons: Record<string, string> = {
        EADDRINUSE: `${place} is in use by another program. Set TARS_PORT to a free port.`,
        EACCES: `This user may not listen on ${place}. Set TARS_PORT to one above 1023.`,
        EADDRNOTAVAIL: `${env.host} is no address of this machine. Set TARS_HOST.`,
        ENOTFOUND: `${env.host} is no known host. Set TARS_HOST.`,
      };
      reject(new StartError(reasons[error.code ?? ''] ?? `Cannot listen on ${place}: ${error.message}`));
    });
    server.listen(env.port, env.host, () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : env.port);
    });
  });
}

/** An address that a browser on this machine can open also when the server listens everywhere. */
function addressesOf(env: Env, port: number): { url: string; publicUrl: string } {
  const host = env.host === '0.0.0.0' || env.host === '::' ? '127.0.0.1' : env.host;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { url, publicUrl: env.variables.TARS_URL ? env.publicUrl : url };
}

/** Lets running requests finish, at most `SHUTDOWN_GRACE_MS`, then cuts them off. */
async function closeServer(server: Server): Promise<void> {
  const limit = setTimeout(() => server.closeAllConnections(), SHUTDOWN_GRACE_MS);
  // A connection whose request ends now would be kept alive for the next one, which must not come.
  const sweep = setInterval(() => server.closeIdleConnections(), SHUTDOWN_SWEEP_MS);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearTimeout(limit);
  clearInterval(sweep);
}
