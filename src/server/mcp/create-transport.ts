import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { McpTransportConfig } from '../config/schema.ts';
import { createAuthorizedFetch } from './authorize-fetch.ts';
import type { ConnectError } from './classify-error.ts';
import { createGuardedFetch } from './guard-fetch.ts';
import { StdioTransport } from './stdio-transport.ts';
import type { TokenSource } from './token-source.ts';
import { MAX_RESULT_BYTES, SESSION_DELETE_TIMEOUT_MS } from './tunables.ts';

export type Environment = Record<string, string | undefined>;

export type McpTransport = StdioTransport | StreamableHTTPClientTransport | SSEClientTransport;

/**
 * What a server process inherits. Not everything: our own environment holds database and provider credentials that
 * are none of a tool server's business. A server's configuration adds what it needs.
 */
const INHERITED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TERM',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'SYSTEMROOT',
  'APPDATA',
  'LOCALAPPDATA',
  'USERPROFILE',
  'TEMP',
];

/** The environment of a stdio server: the harmless part of ours, then its own configuration's. */
export function serverEnvironment(env: Environment, own: Record<string, string>): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = env[name];
    if (value !== undefined) inherited[name] = value;
  }
  return { ...inherited, ...own };
}

export type TransportOptions = {
  env: Environment;
  onStderrLine: (line: string) => void;
  /** Of a server over http or sse; see `openServerFetch`. */
  fetch: FetchLike;
  /** Of a server that wants a sign-in. */
  tokens?: TokenSource | undefined;
  /** Why a request was not sent or not accepted for want of a token. */
  onTokenFailure?: (error: ConnectError) => void;
};

/** A transport for one connection, not started. Every reconnect takes a new one. */
export function createTransport(config: McpTransportConfig, options: TransportOptions): McpTransport {
  switch (config.type) {
    case 'stdio':
      return new StdioTransport({
        command: config.command,
        args: config.args,
        env: serverEnvironment(options.env, config.env),
        cwd: config.cwd,
        onStderrLine: options.onStderrLine,
      });
    case 'http':
      return new StreamableHTTPClientTransport(new URL(config.url), {
        requestInit: { headers: config.headers },
        fetch: createServerFetch(config.url, options),
      });
    case 'sse':
      return new SSEClientTransport(new URL(config.url), {
        requestInit: { headers: config.headers },
        fetch: createServerFetch(config.url, options),
      });
    default:
      return config satisfies never;
  }
}

function createServerFetch(
  serverUrl: string,
  { fetch: send, tokens, onTokenFailure }: TransportOptions,
): FetchLike {
  const guarded = createGuardedFetch(MAX_RESULT_BYTES, send);
  if (!tokens) return guarded;
  return createAuthorizedFetch(guarded, {
    tokens,
    serverUrl,
    ...(onTokenFailure && { onFailure: onTokenFailure }),
  });
}

/** Closes a transport; a streamable HTTP session is ended at the server first, briefly and without insisting. */
export async function closeTransport(transport: McpTransport): Promise<void> {
  if (transport instanceof StreamableHTTPClientTransport && transport.sessionId !== undefined) {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, SESSION_DELETE_TIMEOUT_MS);
    });
    await Promise.race([transport.terminateSession().catch(() => undefined), limit]);
    clearTimeout(timer);
  }
  await transport.close();
}
