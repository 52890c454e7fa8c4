import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendHttpError } from './play-turn.ts';
import { serveRequest } from './serve-request.ts';
import {
  createServerState,
  type ProtocolServerOptions,
  type RecordedRequest,
  type Script,
  type ServerState,
  toPicker,
} from './server-state.ts';

export type { ProtocolServerOptions, RecordedRequest, Script };

export type ProtocolServer = {
  /** What goes into a provider's `baseUrl`. */
  baseUrl: string;
  port: number;
  /** Every request in order of arrival, also rejected ones. */
  requests: RecordedRequest[];
  /** The highest number of requests that were open at the same time. */
  readonly maxConcurrentRequests: number;
  /** Replaces the script from the next request on. */
  setScript(script: Script): void;
  /** Opens a gate of `block` steps and `startGate`s, for good. */
  release(gate: string): void;
  /** Resolves when at least `count` requests have arrived. @throws after `timeoutMs` (default 10 s) */
  waitForRequests(count: number, timeoutMs?: number): Promise<RecordedRequest[]>;
  /** Resolves when somebody waits at the gate. @throws after `timeoutMs` (default 10 s) */
  waitForBlocked(gate: string, timeoutMs?: number): Promise<void>;
  /** Ends open responses too. */
  close(): Promise<void>;
};

const DEFAULT_WAIT_MS = 10_000;
const POLL_MS = 5;

/**
 * Starts a model server on 127.0.0.1 that speaks one provider's streaming wire protocol and answers from a script.
 * It refuses what the real provider refuses (wrong path, missing key, tool calls without results, thinking without
 * its signature), so a client that passes here sends well-formed conversations.
 */
export async function startProtocolServer(options: ProtocolServerOptions): Promise<ProtocolServer> {
  const state = createServerState(options);
  const server = createServer((request, response) => {
    serveRequest(state, request, response).catch((error: unknown) => {
      const message = `the script failed: ${error instanceof Error ? error.message : String(error)}`;
      if (response.headersSent) response.destroy();
      else sendHttpError(response, state.protocol, { status: 500, message });
    });
  });
  const port = await listen(server, options.port ?? 0);
  return {
    baseUrl: `http://127.0.0.1:${port}${state.protocol.basePath}`,
    port,
    requests: state.requests,
    get maxConcurrentRequests() {
      return state.maxOpenRequests;
    },
    setScript(script) {
      state.pickTurn = toPicker(script);
    },
    release: state.gates.release,
    async waitForRequests(count, timeoutMs = DEFAULT_WAIT_MS) {
      await pollUntil(
        () => state.requests.length >= count,
        timeoutMs,
        () => `${state.requests.length} of ${count} requests arrived`,
      );
      return state.requests;
    },
    async waitForBlocked(gate, timeoutMs = DEFAULT_WAIT_MS) {
      const isBlocked = (): boolean => state.gates.listBlocked().includes(gate);
      await pollUntil(isBlocked, timeoutMs, () => `nobody waits at gate "${gate}"`);
    },
    close: () => close(server, state),
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

async function close(server: Server, state: ServerState): Promise<void> {
  if (!server.listening) return;
  state.stop.abort();
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function pollUntil(isDone: () => boolean, timeoutMs: number, explain: () => string): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!isDone()) {
    if (Date.now() > deadline) throw new Error(`gave up after ${timeoutMs} ms: ${explain()}`);
    await sleep(POLL_MS);
  }
}
