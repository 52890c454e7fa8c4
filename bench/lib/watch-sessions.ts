import { io, type Socket } from 'socket.io-client';
import { monotonicMs } from './monotonic-clock.ts';

/** `sessionIds`: one connection for each, so the same session may be named many times. */
export type WatchPlan = { url: string; cookie: string; project: string; sessionIds: string[] };

/** A message as it reached a client (its place in the plan): the numbers of its first and last event, and when. */
export type Arrival = { client: number; sessionId: string; from: number; to: number; atMs: number };

const JOIN_TIMEOUT_MS = 30_000;

/** So many connections, as so many browsers have; notes what arrives until it is closed. */
export async function watchSessions(plan: WatchPlan): Promise<{ arrivals: Arrival[]; close(): void }> {
  const arrivals: Arrival[] = [];
  const sockets = await Promise.all(
    plan.sessionIds.map((sessionId, client) => watchOne(plan, { sessionId, client }, arrivals)),
  );
  return {
    arrivals,
    close() {
      for (const socket of sockets) socket.disconnect();
    },
  };
}

async function watchOne(
  plan: WatchPlan,
  { sessionId, client }: { sessionId: string; client: number },
  arrivals: Arrival[],
): Promise<Socket> {
  const socket = io(plan.url, {
    path: '/socket',
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie: plan.cookie },
  });
  socket.on('session:events', (message: { sessionId: string; events: { seq: number }[] }) => {
    const atMs = monotonicMs();
    const from = message.events[0]?.seq;
    const to = message.events.at(-1)?.seq;
    if (from !== undefined && to !== undefined) arrivals.push({ client, sessionId, from, to, atMs });
  });
  const request = { project: plan.project, sessionId, after: 0 };
  const answer: { ok: boolean } = await socket.timeout(JOIN_TIMEOUT_MS).emitWithAck('session:join', request);
  if (!answer.ok) throw new Error(`a client could not join: ${JSON.stringify(answer)}`);
  return socket;
}
