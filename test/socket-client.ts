import { createServer, type Server as HttpServer } from 'node:http';
import { io, type Socket } from 'socket.io-client';
import type { SessionEvent } from '#src/features/sessions/schema.ts';
import type { Principal } from '#src/server/auth/principal.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { attachGateway } from '#src/server/realtime/gateway.ts';
import { createRelay, type Relay } from '#src/server/realtime/relay.ts';

/** Waits until `check` holds; fails with `what` after `limitMs`. */
export async function eventually(
  what: string,
  check: () => boolean | Promise<boolean>,
  limitMs = 15_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`did not happen within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export type RealtimeServer = {
  relay: Relay;
  httpServer: HttpServer;
  gateway: { close(): Promise<void> };
  url: string;
  /** Who the bearer of a name is; change it to revoke. */
  principals: Map<string, Principal>;
  close(): Promise<void>;
};

/** A web process as far as realtime is concerned: HTTP server, relay and gateway. The cookie names the principal. */
export async function startRealtimeServer(kernel: Kernel): Promise<RealtimeServer> {
  const principals = new Map<string, Principal>();
  const httpServer = createServer((_req, res) => res.writeHead(404).end());
  const relay = createRelay({ database: kernel.database, log: kernel.log });
  const gateway = attachGateway({
    httpServer,
    relay,
    kernel,
    principalFromRequest: async (req) => principals.get(req.headers.cookie ?? '') ?? null,
    accessRecheckMs: 200,
  });
  await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve));
  const address = httpServer.address();
  if (!address || typeof address === 'string') throw new Error('the server has no port');
  return {
    relay,
    gateway,
    httpServer,
    url: `http://127.0.0.1:${address.port}`,
    principals,
    async close() {
      await gateway.close();
      await relay.close();
      httpServer.closeAllConnections();
      await new Promise((resolve) => httpServer.close(resolve));
    },
  };
}

export type Joined = { ok: true; latest: number } | { ok: false; code: string; message: string };

/** A browser's connection that keeps what it receives, by session. */
export type SocketClient = {
  socket: Socket;
  events: Map<string, SessionEvent[]>;
  changes: string[][];
  /** Names of who writes, as they came. */
  typing: string[];
  join(request: { project: string; sessionId: string; after: number }): Promise<Joined>;
  joinProject(project: string): Promise<Joined>;
  /** Tells that its person writes. */
  tellTyping(sessionId: string): Promise<{ ok: boolean; code?: string }>;
  /** Stops reading from the network, as a browser on a dead line; `resume` goes on. */
  pause(): void;
  resume(): void;
  close(): void;
};

export function connectClient(
  url: string,
  options: { cookie?: string; authorization?: string; origin?: string; reconnection?: boolean } = {},
): SocketClient {
  const socket = io(url, {
    path: '/socket',
    transports: ['websocket'],
    forceNew: true,
    reconnection: options.reconnection ?? false,
    extraHeaders: {
      ...(options.cookie ? { cookie: options.cookie } : {}),
      ...(options.authorization ? { authorization: options.authorization } : {}),
      ...(options.origin ? { origin: options.origin } : {}),
    },
  });
  const events = new Map<string, SessionEvent[]>();
  const changes: string[][] = [];
  socket.on('session:events', (message: { sessionId: string; events: SessionEvent[] }) => {
    const list = events.get(message.sessionId) ?? [];
    list.push(...message.events);
    events.set(message.sessionId, list);
  });
  const typing: string[] = [];
  socket.on('session:typing', (message: { name: string }) => typing.push(message.name));
  socket.on('project:changed', (message: { sessionIds: string[] }) => changes.push(message.sessionIds));
  return {
    socket,
    events,
    changes,
    typing,
    join: (request) => socket.timeout(10_000).emitWithAck('session:join', request),
    joinProject: (project) => socket.timeout(10_000).emitWithAck('project:join', { project }),
    tellTyping: (sessionId) => socket.timeout(10_000).emitWithAck('session:typing', { sessionId }),
    pause: () => transportOf(socket).pause(),
    resume: () => transportOf(socket).resume(),
    close: () => socket.disconnect(),
  };
}

/** The `ws` connection below; the client's types do not tell of it. */
function transportOf(socket: Socket): { pause(): void; resume(): void } {
  const { transport } = socket.io.engine;
  const ws: unknown = 'ws' in transport ? transport.ws : undefined;
  if (ws && typeof ws === 'object' && 'pause' in ws && 'resume' in ws) {
    const { pause, resume } = ws;
    if (typeof pause === 'function' && typeof resume === 'function') {
      return { pause: () => void pause.call(ws), resume: () => void resume.call(ws) };
    }
  }
  throw new Error('the transport cannot be paused');
}
