import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, isOutage, type Outage, takeFault } from './faults.ts';
import { answerMethod, type PostedMessage, SLACK_CHANNEL, type Workspace } from './workspace.ts';

export type SlackServer = {
  /** For `notifications.slack.apiUrl`. */
  readonly apiUrl: string;
  /** Every message of the channel, oldest first, replies too. */
  readonly messages: readonly PostedMessage[];
  /** Names of the methods that were called, in order. */
  readonly calls: readonly string[];
  /** Adds a message that somebody else has posted; returns its `ts`. */
  say(message: Partial<PostedMessage>): string;
  /** The next calls of these methods go wrong, in this order. */
  failNext(...faults: Fault[]): void;
  clear(): void;
  close(): Promise<void>;
};

/** The token that the server takes. */
export const SLACK_TOKEN = 'xoxb-1234567890-of-the-tests';

/**
 * A Slack workspace with one channel that speaks the Web API over HTTP: form bodies, JSON answers with `ok`, cursors, rate
 * limits, refusals, and answers that never arrive.
 */
export async function startSlackServer(): Promise<SlackServer> {
  const workspace: Workspace = { messages: [], clock: Math.floor(Date.now() / 1_000) };
  const calls: string[] = [];
  const faults: Fault[] = [];

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const method = new URL(request.url ?? '/', 'http://slack').pathname.replace('/api/', '');
    const body = new URLSearchParams(await readText(request));
    calls.push(method);
    const fault = takeFault(faults, method);
    if (fault && isOutage(fault)) {
      misbehave(fault, response);
      return;
    }
    const isKnown = request.headers.authorization === `Bearer ${SLACK_TOKEN}`;
    const answer = isKnown ? answerMethod(workspace, method, body) : { ok: false, error: 'invalid_auth' };
    if (fault?.as === 'no_answer') return;
    if (fault) response.destroy();
    else sendJson(response, 200, answer);
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    apiUrl: `http://127.0.0.1:${port}/api`,
    messages: workspace.messages,
    calls,
    say(message) {
      const ts = `${++workspace.clock}.000100`;
      workspace.messages.push({ ts, channel: SLACK_CHANNEL.id, text: '', ...message });
      return ts;
    },
    failNext: (...next) => void faults.push(...next),
    clear() {
      workspace.messages.length = 0;
      calls.length = 0;
      faults.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function misbehave(fault: Outage, response: ServerResponse): void {
  if (fault.as === 'rate_limit') response.setHeader('Retry-After', String(fault.seconds));
  const status = { rate_limit: 429, server_error: 503, refusal: 200 }[fault.as];
  sendJson(response, status, { ok: false, error: fault.as === 'refusal' ? fault.error : fault.as });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
