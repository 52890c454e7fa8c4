import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Gauge } from 'prom-client';
import { Server, type Socket } from 'socket.io';
import { z } from 'zod';
import { isCrossSite } from '../auth/check-origin.ts';
import type { Principal } from '../auth/principal.ts';
import { AppError } from '../errors.ts';
import { idSchema } from '../ids.ts';
import type { Kernel } from '../kernel.ts';
import { ConnectionRooms } from './connection-rooms.ts';
import type { LogEvent } from './event-log.ts';
import { watchOutbox } from './outbox.ts';
import type { Relay } from './relay.ts';
import {
  ACCESS_RECHECK_MS,
  GOODBYE_TIMEOUT_MS,
  PING_INTERVAL_MS,
  PING_TIMEOUT_MS,
  REQUEST_MAX_BYTES,
} from './tunables.ts';

const projectSchema = z.string().min(1).max(100);
const joinSessionSchema = z.object({
  project: projectSchema,
  sessionId: idSchema,
  after: z.number().int().min(0).max(2_147_483_647),
});
const oneSessionSchema = z.object({ sessionId: idSchema });
const joinProjectSchema = z.object({ project: projectSchema });

type Answer = { ok: true; latest?: number } | { ok: false; code: string; message: string };
type Acknowledge = (answer: Answer) => void;

type ClientEvents = Record<
  'session:join' | 'session:leave' | 'session:typing' | 'project:join',
  (payload: unknown, ack?: unknown) => void
>;
type ServerEvents = {
  'session:events': (message: { sessionId: string; events: LogEvent[] }) => void;
  'project:changed': (message: { sessionIds: string[] }) => void;
  'session:typing': (message: { sessionId: string; name: string }) => void;
};
type SocketData = { principal: Principal };
type GatewaySocket = Socket<ClientEvents, ServerEvents, Record<string, never>, SocketData>;

export type GatewayOptions = {
  httpServer: HttpServer;
  relay: Relay;
  kernel: Kernel;
  /** Who is asking, by the handshake's cookie, key or proxy headers; null without a valid credential. */
  principalFromRequest(req: IncomingMessage): Promise<Principal | null>;
  /** How often access is looked at again. */
  accessRecheckMs?: number;
};

export type Gateway = {
  /** Looks at once whether those who watch still may. */
  recheckAccess(): void;
  close(): Promise<void>;
};

/**
 * Socket.IO at `/socket`, websocket only: brings events of joined sessions and ticks of joined projects to browsers. Upgrades
 * of other paths are left alone. `close` ends every connection, but neither the HTTP server nor the relay.
 */
export function attachGateway(options: GatewayOptions): Gateway {
  const { kernel, relay } = options;
  let closing = false;
  const io = new Server<ClientEvents, ServerEvents, Record<string, never>, SocketData>(options.httpServer, {
    path: '/socket',
    transports: ['websocket'],
    serveClient: false,
    // Upgrades that are not ours belong to others on the same server (hot reload in development).
    destroyUpgrade: false,
    maxHttpBufferSize: REQUEST_MAX_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    // A foreign page may open a socket with the browser's cookies; a handshake is a GET, so it is checked as a POST.
    allowRequest: (req, decide) =>
      decide(null, !closing && !isCrossSite('POST', req.headers, kernel.env.publicUrl)),
  });
  const rooms = new Map<GatewaySocket, ConnectionRooms>();

  io.use((socket, next) => {
    options.principalFromRequest(socket.request).then(
      (principal) => {
        if (!principal) return next(new Error('unauthorized'));
        socket.data.principal = principal;
        next();
      },
      (error: unknown) => {
        kernel.log.warn({ err: error }, 'a socket could not be authenticated');
        next(new Error('unavailable'));
      },
    );
  });
  io.on('connection', (socket) => {
    rooms.set(socket, serveSocket(kernel, relay, socket));
    kernel.metrics.socketConnections.set(rooms.size);
    socket.once('disconnect', () => {
      rooms.get(socket)?.close();
      rooms.delete(socket);
      kernel.metrics.socketConnections.set(rooms.size);
    });
  });

  const checking = recheckAccess(options, rooms);
  const removeGauges = exportRelayGauges(kernel, relay);
  return {
    recheckAccess: checking.now,
    async close() {
      closing = true;
      checking.stop();
      removeGauges();
      await Promise.all([...rooms.keys()].map(endConnection));
      io.engine.close();
    },
  };
}

function serveSocket(kernel: Kernel, relay: Relay, socket: GatewaySocket): ConnectionRooms {
  const rooms = new ConnectionRooms({
    kernel,
    relay,
    principal: socket.data.principal,
    outbox: watchOutbox(socket.conn),
    output: {
      sendEvents: (sessionId, events) => socket.emit('session:events', { sessionId, events }),
      sendChanged: (sessionIds) => socket.emit('project:changed', { sessionIds }),
      // Who does not read right now need not learn of it later.
      sendTyping: (sessionId, name) => socket.volatile.emit('session:typing', { sessionId, name }),
      giveUp: () => endConnection(socket),
    },
  });
  /** Parses, runs, answers; a request without an acknowledgement gets no answer. */
  const handle = <T extends z.ZodType>(shape: T, work: (request: z.infer<T>) => Promise<Answer>) => {
    return (payload: unknown, ack?: unknown) => {
      const answer: Acknowledge = isAcknowledge(ack) ? ack : () => undefined;
      const request = shape.safeParse(payload);
      if (!request.success) {
        answer({ ok: false, code: 'bad_request', message: z.prettifyError(request.error) });
        return;
      }
      work(request.data).then(answer, (error: unknown) => answer(describeFailure(kernel, error)));
    };
  };
  socket.on(
    'session:join',
    handle(joinSessionSchema, async (request) => ({ ok: true, ...(await rooms.joinSession(request)) })),
  );
  socket.on(
    'session:leave',
    handle(oneSessionSchema, async ({ sessionId }) => {
      rooms.leaveSession(sessionId);
      return { ok: true };
    }),
  );
  socket.on(
    'session:typing',
    handle(oneSessionSchema, async ({ sessionId }) => {
      await rooms.tellTyping(sessionId);
      return { ok: true };
    }),
  );
  socket.on(
    'project:join',
    handle(joinProjectSchema, async ({ project }) => {
      await rooms.joinProject(project);
      return { ok: true };
    }),
  );
  return rooms;
}

const isAcknowledge = (value: unknown): value is Acknowledge => typeof value === 'function';

function describeFailure(kernel: Kernel, error: unknown): Answer {
  if (error instanceof AppError && error.code !== 'internal') {
    return { ok: false, code: error.code, message: error.message };
  }
  kernel.log.error({ err: error }, 'a socket request failed');
  return { ok: false, code: 'internal', message: 'Something went wrong on our side.' };
}

/**
 * Closes the transport, not the Socket.IO session: after a goodbye of the latter a client would not connect again by
 * itself, and whoever may still watch shall. Who does not answer in time is cut off: a client that does not read never does.
 */
function endConnection(socket: GatewaySocket): Promise<void> {
  const line = socket.request.socket;
  if (line.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => line.destroy(), GOODBYE_TIMEOUT_MS);
    line.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.conn.close(true);
  });
}

/** Looks again, now and then and when told to, whether those who watch still may; ends the connections of those who may not. */
function recheckAccess(
  options: GatewayOptions,
  rooms: ReadonlyMap<GatewaySocket, ConnectionRooms>,
): { now(): void; stop(): void } {
  let running = false;
  let again = false;
  const look = async () => {
    for (const [socket, joined] of [...rooms]) {
      try {
        const principal = await options.principalFromRequest(socket.request);
        if (!principal || !joined.recheck(principal)) void endConnection(socket);
      } catch (error) {
        // The database is away, not the permission.
        options.kernel.log.debug({ err: error }, 'access of a socket could not be checked');
      }
    }
  };
  const check = async () => {
    again = true;
    if (running) return;
    running = true;
    // What changed during a look may have come too late for those it had passed.
    while (again) {
      again = false;
      await look();
    }
    running = false;
  };
  const timer = setInterval(() => void check(), options.accessRecheckMs ?? ACCESS_RECHECK_MS);
  return { now: () => void check(), stop: () => clearInterval(timer) };
}

function exportRelayGauges(kernel: Kernel, relay: Relay): () => void {
  const { registry } = kernel.metrics;
  const gauges: [string, string, () => number][] = [
    [
      'tars_relay_listening',
      '1 while the relay hears announcements, 0 while it polls.',
      () => Number(relay.state() === 'listening'),
    ],
    ['tars_relay_sessions', 'Sessions followed by browsers of this process.', () => relay.stats().sessions],
    ['tars_relay_followers', 'Followers of sessions in this process.', () => relay.stats().followers],
    [
      'tars_relay_followers_behind',
      'Followers whose line is slow or who just joined.',
      () => relay.stats().behind,
    ],
  ];
  for (const [name, help, read] of gauges) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  }
  return () => {
    for (const [name] of gauges) registry.removeSingleMetric(name);
  };
}
