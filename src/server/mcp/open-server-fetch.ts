import { readFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { Agent, fetch as fetchOver } from 'undici';
import type { McpTransportConfig } from '../config/schema.ts';

/** How the certificate of one server is looked at. */
export type ServerTls = { caFile?: string | undefined; tlsVerify?: boolean | undefined };

export type ServerFetch = {
  fetch: FetchLike;
  /** Ends its connections. */
  close(): Promise<void>;
};

export const tlsOf = (transport: McpTransportConfig): ServerTls =>
  transport.type === 'stdio' ? {} : { caFile: transport.caFile, tlsVerify: transport.tlsVerify };

/**
 * A `fetch` that trusts what the server's configuration says, besides the authorities that every process trusts: those
 * of another server learn nothing of it. Without such settings it is Node's own. The file is read at the first request
 * of each connection, so that a replaced one counts without a restart.
 */
export function openServerFetch(tls: ServerTls): ServerFetch {
  const { caFile, tlsVerify = true } = tls;
  if (caFile === undefined && tlsVerify) return { fetch, close: async () => undefined };
  let opened: Promise<Agent> | undefined;

  async function open(): Promise<Agent> {
    const ca = caFile === undefined ? {} : { ca: [...getCACertificates(), await readFile(caFile, 'utf8')] };
    return new Agent({ connect: { ...ca, rejectUnauthorized: tlsVerify } });
  }

  return {
    fetch: async (url, init) => {
      opened ??= open();
      const dispatcher = await opened;
      const answer = await fetchOver(url, {
        dispatcher,
        headers: Object.fromEntries(new Headers(init?.headers)),
        ...(init?.method !== undefined && { method: init.method }),
        ...(init?.redirect !== undefined && { redirect: init.redirect }),
        ...(init?.signal && { signal: init.signal }),
        ...(init?.body != null && { body: sendable(init.body) }),
      });
      return new Response(
        answer.body === null || hasNoBody(answer.status) ? null : passOn(answer.body.getReader()),
        {
          status: answer.status,
          statusText: answer.statusText,
          headers: Object.fromEntries(answer.headers),
        },
      );
    },
    close: async () => {
      const agent = await opened?.catch(() => undefined);
      await agent?.destroy();
    },
  };
}

/** Statuses with which a `Response` takes no body. */
const hasNoBody = (status: number): boolean => status === 204 || status === 205 || status === 304;

/** The same bytes as a stream of Node's own kind. */
function passOn(reader: {
  read(): Promise<{ done: boolean; value?: unknown }>;
  cancel(reason: unknown): Promise<void>;
}): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (value instanceof Uint8Array) controller.enqueue(value);
      if (done) controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** The SDK sends JSON and forms; a form names its own content type. */
function sendable(body: BodyInit): string | URLSearchParams {
  if (typeof body === 'string' || body instanceof URLSearchParams) return body;
  throw new TypeError('a request body that is not text');
}
