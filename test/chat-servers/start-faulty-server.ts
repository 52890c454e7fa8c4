import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, isOutage, type Outage, takeFault } from './faults.ts';

export type Call = {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  query: URLSearchParams;
};
export type Answer = { status: number; body: unknown };

export type FaultyServer = {
  readonly url: string;
  /** Names of the calls, in order, as faults name them. */
  readonly calls: readonly string[];
  /** The next calls of these go wrong, in this order. */
  failNext(...faults: Fault[]): void;
  clear(): void;
  close(): Promise<void>;
};

/** An HTTP server that does what it is told, and what it is told to do wrong. */
export async function startFaultyServer(options: {
  nameOf: (call: Call) => string;
  answer: (call: Call) => Answer;
  refuse: (error: string) => Answer;
}): Promise<FaultyServer> {
  const calls: string[] = [];
  const faults: Fault[] = [];

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://server');
    const { method = 'GET', headers } = request;
    const call = {
      method,
      path: url.pathname,
      query: url.searchParams,
      headers,
      body: await readText(request),
    };
    const name = options.nameOf(call);
    calls.push(name);
    const fault = takeFault(faults, name);
    if (fault && isOutage(fault)) {
      if (fault.as === 'refusal') sendJson(response, options.refuse(fault.error));
      else misbehave(fault, response);
      return;
    }
    const answer = options.answer(call);
    if (fault?.as === 'no_answer') return;
    if (fault) response.destroy();
    else sendJson(response, answer);
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    failNext: (...next) => void faults.push(...next),
    clear() {
      calls.length = 0;
      faults.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function misbehave(fault: Exclude<Outage, { as: 'refusal' }>, response: ServerResponse): void {
  if (fault.seconds !== undefined) response.setHeader('Retry-After', String(fault.seconds));
  sendJson(response, { status: fault.as === 'rate_limit' ? 429 : 503, body: { ok: false, error: fault.as } });
}

function sendJson(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
