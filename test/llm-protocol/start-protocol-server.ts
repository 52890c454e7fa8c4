import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerControl } from './answer-control.ts';
import { anthropicWire } from './anthropic-wire.ts';
import { findConversationError, type WireConversation } from './conversation.ts';
import { createGates } from './gates.ts';
import { googleWire, vertexWire } from './google-wire.ts';
import { openaiChatWire } from './openai-chat-wire.ts';
import { openaiResponsesWire } from './openai-responses-wire.ts';
import { createScriptPicker, describeRequest, type TurnPicker } from './pick-turn.ts';
import { playTurn, sendHttpError } from './play-turn.ts';
import type { ScriptFile, Turn, TurnObject } from './script.ts';
import type { ProtocolKind, WireProtocol } from './wire.ts';

/** A list of turns in order, a script with rules, or a function that decides by the request. */
export type Script = Turn[] | ScriptFile | TurnPicker;

export type RecordedRequest = {
  index: number;
  path: string;
  headers: IncomingMessage['headers'];
  /** The parsed JSON body as the provider would have received it. */
  body: unknown;
  conversation: WireConversation;
  receivedAtMs: number;
  /** How it ended: `answered` means the response was sent to its scripted end. */
  outcome: 'open' | 'answered' | 'client_left' | 'rejected';
  /** Why the server refused the request as a real provider would, when it did. */
  rejection?: string;
};

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
  close(): Promise<void>;
};

export type ProtocolServerOptions = {
  kind: ProtocolKind;
  script: Script;
  /** 0 (default) takes a free port. */
  port?: number;
  /** When set, requests with another key are answered 401. */
  apiKey?: string;
  /** Serves `/control` (see main.ts) beside the provider's path. Default false. */
  control?: boolean;
};

const DEFAULT_WAIT_MS = 10_000;
const POLL_MS = 5;
/** Conversations stay far below; a larger body is a defect of the client under test. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

function protocolOf(kind: ProtocolKind): WireProtocol {
  switch (kind) {
    case 'openai':
    case 'xai':
      return openaiResponsesWire;
    case 'openai-compatible':
      return openaiChatWire;
    case 'anthropic':
      return anthropicWire;
    case 'google':
      return googleWire;
    case 'vertex':
      return vertexWire;
  }
}

function toPicker(script: Script): TurnPicker {
  if (typeof script === 'function') return script;
  return createScriptPicker(Array.isArray(script) ? { turns: script } : script);
}

/**
 * Starts a model server on 127.0.0.1 that speaks one provider's streaming wire protocol and answers from a script.
 * It refuses what the real provider refuses (wrong path, missing key, tool calls without results, thinking without
 * its signature), so a client that passes here sends well-formed conversations.
 */
export async function startProtocolServer(options: ProtocolServerOptions): Promise<ProtocolServer> {
  const protocol = protocolOf(options.kind);
  const requests: RecordedRequest[] = [];
  const gates = createGates();
  const stop = new AbortController();
  const state = { pick: toPicker(options.script), open: 0, maxOpen: 0 };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const bodyText = await readBody(request);
    if (options.control === true && url.pathname.startsWith('/control/')) {
      const reply = answerControl(url.pathname, parseBody(bodyText), {
        requests,
        gates,
        setScript: (script) => {
          state.pick = createScriptPicker(script);
        },
      });
      response.writeHead(reply.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(reply.value));
      return;
    }
    const record = recordRequest(request, url, bodyText);
    state.open += 1;
    state.maxOpen = Math.max(state.maxOpen, state.open);
    try {
      const rejection = findRejection(request, url, record);
      if (rejection === undefined) await answer(record, bodyText, response);
      else reject(record, response, rejection);
    } finally {
      state.open -= 1;
    }
  }

  function recordRequest(request: IncomingMessage, url: URL, bodyText: string): RecordedRequest {
    const body: unknown = parseBody(bodyText);
    const record: RecordedRequest = {
      index: requests.length,
      path: url.pathname,
      headers: request.headers,
      body,
      conversation: protocol.readConversation(body, url.pathname),
      receivedAtMs: Date.now(),
      outcome: 'open',
    };
    requests.push(record);
    return record;
  }

  type Rejection = { status: number; message: string };

  function findRejection(request: IncomingMessage, url: URL, record: RecordedRequest): Rejection | undefined {
    if (request.method !== 'POST' || !protocol.matches(url.pathname)) {
      return { status: 404, message: `no ${options.kind} endpoint at ${request.method} ${url.pathname}` };
    }
    if (options.apiKey !== undefined && protocol.readApiKey(request.headers) !== options.apiKey) {
      return { status: 401, message: 'Incorrect API key provided' };
    }
    const message = protocol.findRequestError(record.body) ?? findConversationError(record.conversation);
    return message === undefined ? undefined : { status: 400, message };
  }

  function reject(record: RecordedRequest, response: ServerResponse, { status, message }: Rejection): void {
    record.outcome = 'rejected';
    record.rejection = message;
    sendHttpError(response, protocol, { status, message });
  }

  async function answer(record: RecordedRequest, bodyText: string, response: ServerResponse): Promise<void> {
    const left = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) left.abort();
    });
    const signal = AbortSignal.any([left.signal, stop.signal]);
    const picked = await state.pick(describeRequest(record.index, record.conversation));
    if (picked === undefined) {
      return reject(record, response, {
        status: 400,
        message: `the script has no turn for request ${record.index}`,
      });
    }
    const turn: TurnObject = typeof picked === 'string' ? { text: picked } : picked;
    try {
      if (turn.startDelayMs !== undefined) await sleep(turn.startDelayMs, undefined, { signal });
      if (turn.startGate !== undefined) await gates.wait(turn.startGate, signal);
      if (turn.httpError === undefined) {
        const responseId = `s${record.index}`;
        const encoder = protocol.createEncoder({
          model: record.conversation.model,
          responseId,
          body: record.body,
        });
        await playTurn({ turn, encoder, response, requestBytes: Buffer.byteLength(bodyText), gates, signal });
      } else {
        sendHttpError(response, protocol, turn.httpError);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    record.outcome = left.signal.aborted && !response.writableEnded ? 'client_left' : 'answered';
    response.end();
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (!response.headersSent)
        sendHttpError(response, protocol, { status: 500, message: `script failed: ${message}` });
      else response.destroy();
    });
  });
  const port = await listen(server, options.port ?? 0);

  return {
    baseUrl: `http://127.0.0.1:${port}${protocol.basePath}`,
    port,
    requests,
    get maxConcurrentRequests() {
      return state.maxOpen;
    },
    setScript(script) {
      state.pick = toPicker(script);
    },
    release: gates.release,
    async waitForRequests(count, timeoutMs = DEFAULT_WAIT_MS) {
      await pollUntil(
        () => requests.length >= count,
        timeoutMs,
        () => `${requests.length} of ${count} requests arrived`,
      );
      return requests;
    },
    async waitForBlocked(gate, timeoutMs = DEFAULT_WAIT_MS) {
      await pollUntil(
        () => gates.listBlocked().includes(gate),
        timeoutMs,
        () => `nobody waits at gate "${gate}"`,
      );
    },
    async close() {
      stop.abort();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`request body over ${MAX_BODY_BYTES} bytes`);
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function pollUntil(isDone: () => boolean, timeoutMs: number, explain: () => string): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!isDone()) {
    if (Date.now() > deadline) throw new Error(`gave up after ${timeoutMs} ms: ${explain()}`);
    await sleep(POLL_MS);
  }
}
