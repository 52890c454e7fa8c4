import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SseError } from '@modelcontextprotocol/sdk/client/sse.js';
import {
  type LoggingMessageNotificationParams,
  LoggingMessageNotificationSchema,
  type Progress,
  ProgressNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { McpServerConfig } from '../config/schema.ts';
import { errorMessage } from '../errors.ts';
import { type ClassifiedError, ConnectError, classifyError } from './classify-error.ts';
import { closeTransport, createTransport, type Environment, type McpTransport } from './create-transport.ts';
import { maskErrorText, maskSafely } from './mask-safely.ts';
import { openServerFetch, type ServerFetch, tlsOf } from './open-server-fetch.ts';
import { StdioTransport } from './stdio-transport.ts';
import { NeedsSignInError, type TokenSource } from './token-source.ts';
import { CONNECT_TIMEOUT_MS, LOG_LEVEL_OF_SERVERS } from './tunables.ts';
import type { Masker, McpLogger } from './types.ts';

export type ServerConnectionOptions = {
  server: string;
  config: Pick<McpServerConfig, 'transport'>;
  env: Environment;
  masker: Masker;
  logger: McpLogger;
  /** Of a server that wants a sign-in. */
  tokens?: TokenSource | undefined;
  connectTimeoutMs?: number;
  onToolsChanged?: () => void;
};

/** One session with a server. Replaced, never repaired. */
type Link = {
  client: Client;
  transport: McpTransport;
  http: ServerFetch;
  /** Requests that are under way; a retired link is closed when none is left. */
  inFlight: number;
  retired: boolean;
  closed: Promise<void> | null;
};

/** What a server says while it works on a request. */
type Listener = {
  /** The request's own. */
  progressToken: string;
  progress(update: Progress): void;
  /** The protocol does not say to which request a message belongs: when several run, each of them hears it. */
  log(message: LoggingMessageNotificationParams): void;
};

/** Ends a wait on a promise that knows no signal. The promise itself goes on; its owner is closed by the caller. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}

/**
 * A connection to one MCP server for one owner. Connects when first used, again after it was lost, and never once it
 * is closed. `close` leaves no process, socket or timer behind, also while a connect is under way.
 */
export class ServerConnection {
  readonly #options: ServerConnectionOptions;
  readonly #closing = new AbortController();
  readonly #open = new Set<Link>();
  readonly #listeners = new Set<Listener>();
  #current: Link | null = null;
  #connecting: Promise<Link> | null = null;

  constructor(options: ServerConnectionOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#current !== null;
  }

  /** What the server says about how to use it; known after the first connect. */
  get instructions(): string | undefined {
    return this.#current?.client.getInstructions();
  }

  /**
   * Runs one request on a live session, connecting first if needed. A failure that ends the session drops it, so that
   * the next request makes a new one. Throws `ConnectError` when no connection could be made, else what the SDK threw.
   */
  async request<T>(run: (client: Client) => Promise<T>, context: { signal: AbortSignal }): Promise<T> {
    const link = await orAborted(this.#ensure(), context.signal);
    link.inFlight += 1;
    try {
      return await run(link.client);
    } catch (error) {
      const failure = this.classify(error, { aborted: context.signal.aborted });
      if (failure.kind === 'connection') this.#retire(link);
      throw error;
    } finally {
      link.inFlight -= 1;
      if (link.retired && link.inFlight === 0) void this.#dispose(link);
    }
  }

  /** Hears what the server says, until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** See `classifyError`; knows whether there was a session to lose. */
  classify(error: unknown, context: { aborted?: boolean; timedOut?: boolean }): ClassifiedError {
    const { transport } = this.#options.config;
    return classifyError(error, {
      aborted: context.aborted ?? false,
      timedOut: context.timedOut ?? false,
      hasSession: transport.type !== 'stdio',
    });
  }

  /** Ends the present session; the next request makes a new one. */
  async drop(): Promise<void> {
    await Promise.all([...this.#open].map((link) => this.#dispose(link)));
  }

  /** Closes everything. Idempotent; a request that is under way fails. */
  async close(): Promise<void> {
    this.#closing.abort(new ConnectError('the connection was closed', 'cancelled'));
    this.#current = null;
    await this.#connecting?.catch(() => undefined);
    await Promise.all([...this.#open].map((link) => this.#dispose(link)));
  }

  #ensure(): Promise<Link> {
    if (this.#closing.signal.aborted) return Promise.reject(this.#closing.signal.reason);
    if (this.#current) return Promise.resolve(this.#current);
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = null;
    });
    // Whoever waits for it may have given up by the time it fails.
    this.#connecting.catch(() => undefined);
    return this.#connecting;
  }

  async #connect(): Promise<Link> {
    const { server, config, logger } = this.#options;
    let tokenFailure: ConnectError | undefined;
    const http = openServerFetch(tlsOf(config.transport));
    const transport = createTransport(config.transport, {
      fetch: http.fetch,
      env: this.#options.env,
      tokens: this.#options.tokens,
      onTokenFailure: (error) => {
        tokenFailure = error;
      },
      onStderrLine: (line) =>
        logger.debug(
          { mcpServer: server, line: maskSafely(this.#options.masker, line) },
          'mcp server stderr',
        ),
    });
    const client = new Client({ name: 'tars', version: '0.1.0' }, { capabilities: {} });
    const link: Link = { client, transport, http, inFlight: 0, retired: false, closed: null };
    this.#open.add(link);
    this.#listen(link);
    const timeoutMs = this.#options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
    const limit = new AbortController();
    const timer = setTimeout(
      () => limit.abort(new ConnectError(`no answer within ${timeoutMs / 1000} s`, 'timeout')),
      timeoutMs,
    );
    const signal = AbortSignal.any([limit.signal, this.#closing.signal]);
    try {
      const connected = client.connect(transport, { signal, timeout: timeoutMs + 1_000 });
      connected.catch(() => undefined);
      await orAborted(connected, signal);
      this.#current = link;
      this.#askForLogs(client, timeoutMs);
      return link;
    } catch (error) {
      await this.#dispose(link);
      throw this.#explain(signal.aborted ? signal.reason : (tokenFailure ?? error), transport);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Unasked, a server decides itself what it logs. Whether it listens changes nothing for the calls. */
  #askForLogs(client: Client, timeoutMs: number): void {
    if (!client.getServerCapabilities()?.logging) return;
    client.setLoggingLevel(LOG_LEVEL_OF_SERVERS, { timeout: timeoutMs }).catch((error: unknown) => {
      const text = maskErrorText(this.#options.masker, errorMessage(error));
      this.#options.logger.debug({ mcpServer: this.#options.server, error: text }, 'mcp log level not set');
    });
  }

  #explain(error: unknown, transport: McpTransport): ConnectError {
    // In our own words.
    if (error instanceof NeedsSignInError) return error;
    const failure = classifyError(error);
    const diagnosis = transport instanceof StdioTransport ? transport.diagnosis : '';
    const text = [failure.message, diagnosis].filter(Boolean).join('; ');
    // A server that cannot be spoken to is unreachable, whatever the reason; auth and limits keep their names.
    const kind = failure.kind === 'tool' || failure.kind === 'protocol' ? 'connection' : failure.kind;
    return new ConnectError(maskErrorText(this.#options.masker, text), kind, error);
  }

  #listen(link: Link): void {
    const { server, logger, masker, onToolsChanged } = this.#options;
    link.client.onclose = () => this.#retire(link);
    link.client.onerror = (error) => {
      logger.debug(
        { mcpServer: server, error: maskErrorText(masker, errorMessage(error)) },
        'mcp transport error',
      );
      // A legacy SSE stream that broke, or a stream that could not be resumed, never answers again.
      const isLost =
        error instanceof SseError ||
        (link.inFlight > 0 && error.message.startsWith('Maximum reconnection attempts'));
      if (isLost) void this.#dispose(link);
    };
    link.client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
      for (const listener of this.#listeners) listener.log(params);
    });
    // Instead of the SDK's `onprogress`, which forgets a request with its answer: of an answer that comes in one piece with the
    // progress before it, it has forgotten the request before it hands that progress over.
    link.client.setNotificationHandler(ProgressNotificationSchema, ({ params }) => {
      const { progressToken, ...update } = params;
      for (const listener of this.#listeners)
        if (listener.progressToken === progressToken) listener.progress(update);
    });
    if (onToolsChanged) {
      link.client.setNotificationHandler(ToolListChangedNotificationSchema, () => onToolsChanged());
    }
  }

  /** No new request uses the link; those under way may still get their answer. */
  #retire(link: Link): void {
    link.retired = true;
    if (this.#current === link) this.#current = null;
    if (link.inFlight === 0) void this.#dispose(link);
  }

  #dispose(link: Link): Promise<void> {
    link.retired = true;
    if (this.#current === link) this.#current = null;
    // Deferred by a tick: closing calls back into here, which must then find the promise.
    link.closed ??= Promise.resolve()
      .then(() => closeTransport(link.transport))
      .finally(() => link.http.close())
      .catch((error: unknown) => {
        const text = maskErrorText(this.#options.masker, errorMessage(error));
        this.#options.logger.warn({ mcpServer: this.#options.server, error: text }, 'mcp close failed');
      })
      .finally(() => this.#open.delete(link));
    return link.closed;
  }
}
