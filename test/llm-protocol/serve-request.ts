import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerControl } from './answer-control.ts';
import { findConversationError } from './conversation.ts';
import { createScriptPicker, describeRequest } from './pick-turn.ts';
import { playTurn, sendHttpError } from './play-turn.ts';
import type { TurnObject } from './script.ts';
import type { RecordedRequest, ServerState } from './server-state.ts';

/** Conversations stay far below; a larger body is a defect of the client under test. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Records one request and answers it from the script, or refuses it as the provider would. */
export async function serveRequest(
  state: ServerState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const bodyText = await readBody(request);
  const body = parseBody(bodyText);
  if (state.options.control === true && url.pathname.startsWith('/control/')) {
    sendControl(state, url.pathname, body, response);
    return;
  }
  const record = recordRequest(state, request, url.pathname, body);
  state.openRequests += 1;
  state.maxOpenRequests = Math.max(state.maxOpenRequests, state.openRequests);
  try {
    const rejection = findRejection(state, request, record);
    if (rejection === undefined) await answer(state, record, Buffer.byteLength(bodyText), response);
    else reject(state, record, response, rejection);
  } finally {
    state.openRequests -= 1;
  }
}

function sendControl(state: ServerState, path: string, body: unknown, response: ServerResponse): void {
  const reply = answerControl(path, body, {
    requests: state.requests,
    gates: state.gates,
    setScript: (script) => {
      state.pickTurn = createScriptPicker(script);
    },
  });
  response.writeHead(reply.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(reply.value));
}

function recordRequest(
  state: ServerState,
  request: IncomingMessage,
  path: string,
  body: unknown,
): RecordedRequest {
  const record: RecordedRequest = {
    index: state.requests.length,
    path,
    headers: request.headers,
    body,
    conversation: state.protocol.readConversation(body, path),
    receivedAtMs: Date.now(),
    outcome: 'open',
  };
  state.requests.push(record);
  return record;
}

type Rejection = { status: number; message: string };

function findRejection(
  { options, protocol }: ServerState,
  request: IncomingMessage,
  record: RecordedRequest,
): Rejection | undefined {
  if (request.method !== 'POST' || !protocol.matches(record.path)) {
    return { status: 404, message: `no ${options.kind} endpoint at ${request.method} ${record.path}` };
  }
  if (options.apiKey !== undefined && protocol.readApiKey(request.headers) !== options.apiKey) {
    return { status: 401, message: 'Incorrect API key provided' };
  }
  const message = protocol.findRequestError(record.body) ?? findConversationError(record.conversation);
  return message === undefined ? undefined : { status: 400, message };
}

function reject(
  { protocol }: ServerState,
  record: RecordedRequest,
  response: ServerResponse,
  { status, message }: Rejection,
): void {
  record.outcome = 'rejected';
  record.rejection = message;
  sendHttpError(response, protocol, { status, message });
}

async function answer(
  state: ServerState,
  record: RecordedRequest,
  requestBytes: number,
  response: ServerResponse,
): Promise<void> {
  const left = new AbortController();
  response.once('close', () => {
    if (!response.writableEnded) left.abort();
  });
  const signal = AbortSignal.any([left.signal, state.stop.signal]);
  const picked = await state.pickTurn(describeRequest(record.index, record.conversation));
  if (picked === undefined) {
    const message = `the script has no turn for request ${record.index}`;
    reject(state, record, response, { status: 400, message });
    return;
  }
  const turn = typeof picked === 'string' ? { text: picked } : picked;
  try {
    await sendTurn(state, { record, turn, requestBytes, response, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  record.outcome = left.signal.aborted ? 'client_left' : 'answered';
  record.answeredAtMs = Date.now();
  response.end();
}

async function sendTurn(
  state: ServerState,
  options: {
    record: RecordedRequest;
    turn: TurnObject;
    requestBytes: number;
    response: ServerResponse;
    signal: AbortSignal;
  },
): Promise<void> {
  const { record, turn, requestBytes, response, signal } = options;
  if (turn.startDelayMs !== undefined) await sleep(turn.startDelayMs, undefined, { signal });
  if (turn.startGate !== undefined) await state.gates.wait(turn.startGate, signal);
  if (turn.httpError !== undefined) {
    sendHttpError(response, state.protocol, turn.httpError);
    return;
  }
  const encoder = state.protocol.createEncoder({
    model: record.conversation.model,
    responseId: `s${record.index}`,
    body: record.body,
  });
  await playTurn({ turn, encoder, response, requestBytes, gates: state.gates, signal });
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
