import { storable } from '#src/lib/storable-text.ts';
import type { ImageAudience, McpServerConfig, McpTransportConfig } from '../config/schema.ts';
import { errorMessage } from '../errors.ts';
import { createAuthorizedFetch } from './authorize-fetch.ts';
import { callTool } from './call-tool.ts';
import { cleanUpServer } from './clean-up-server.ts';
import type { Environment } from './create-transport.ts';
import { fillPlaceholders } from './fill-placeholders.ts';
import { listTools } from './list-tools.ts';
import { maskErrorText } from './mask-safely.ts';
import { nameTools, wireNameOf } from './name-tools.ts';
import { openServerFetch, tlsOf } from './open-server-fetch.ts';
import { listResources, type McpResource, readResource } from './read-resources.ts';
import { resolveToolName } from './resolve-tool-name.ts';
import { ServerConnection } from './server-connection.ts';
import type { TokenSource } from './token-source.ts';
import { CONNECT_TIMEOUT_MS, DEFAULT_CALL_TIMEOUT_MS } from './tunables.ts';
import type { ListedTool, Masker, McpLogger, McpTool, ToolCallOutcome, ToolProgress } from './types.ts';

export type ToolCallRequest = {
  wireName: string;
  /**
   * What the caller has taken the tool for (its name as it is kept), perhaps long ago: a name on the wire may stand for
   * another tool by now, and a tool may not be what it was. The call is made of no other.
   */
  planned?: { server: string; tool: string; readOnly: boolean };
  arguments: Record<string, unknown>;
  signal: AbortSignal;
  onProgress?: (progress: ToolProgress) => void;
  /** What the server says while the call runs, masked; to be appended to what came before. */
  onOutput?: (text: string) => void;
};

/** The tools of one execution and the connections behind them. Nobody else shares them. */
export interface Toolbox {
  /** Current list; grows when a server that was down at the start answers later. */
  readonly tools: McpTool[];
  /** Servers that cannot be used, with a masked reason. */
  readonly unavailable: { server: string; error: string }[];
  /** Never throws. */
  call(request: ToolCallRequest): Promise<ToolCallOutcome>;
  /** What a server offers to read besides its tools. Empty when it offers nothing or is unavailable; never throws. */
  listResources(server: string, signal: AbortSignal): Promise<McpResource[]>;
  /** The text of one resource, as a call's outcome. Never throws. */
  readResource(request: { server: string; uri: string; signal: AbortSignal }): Promise<ToolCallOutcome>;
  /** Reads the tools of all servers again, as if it had just been opened. Never throws. */
  reload(): Promise<void>;
  /** Tries the unavailable servers again, each once in the toolbox's life. True when tools were added. */
  retryUnavailable(): Promise<boolean>;
  /**
   * Ends all connections and processes. Idempotent; also happens when the toolbox's signal aborts. `over`: the execution
   * will not go on, so servers that want to hear of it are told, once.
   */
  close(options?: { over?: boolean }): Promise<void>;
}

type ServerSettings = Pick<McpServerConfig, 'transport' | 'timeout' | 'connectTimeout'> & {
  images?: ImageAudience;
};

export type OpenToolboxOptions = {
  /** Without `images`, people see those of its results. */
  servers: Record<string, ServerSettings>;
  /** Which servers, and which of their tools (all when absent); absent: every configured server. */
  selection?: { server: string; tools?: string[] | undefined }[] | undefined;
  env: Environment;
  executionId: string;
  /** For `{{sessionId}}` in a transport's settings. */
  sessionId?: string | undefined;
  signal: AbortSignal;
  maskerFor?: ((server: string) => Masker) | undefined;
  /** Tokens of the servers that want a sign-in. */
  tokensFor?: ((server: string) => TokenSource | undefined) | undefined;
  /** For servers whose configuration names no timeout. */
  defaultTimeoutMs?: number | undefined;
  connectTimeoutMs?: number | undefined;
  logger: McpLogger;
};

/** Without a masker nothing is removed: for tests and for servers configured so. */
const PLAIN: Masker = { text: (text) => text };

/** Tokens have no shape by which a masker could know them. */
const withoutTokens = (masker: Masker, tokens: TokenSource | undefined): Masker =>
  tokens ? { text: (text) => masker.text(tokens.hide(text)) } : masker;

type Server = {
  name: string;
  connection: ServerConnection;
  masker: Masker;
  timeoutMs: number;
  connectTimeoutMs: number;
  images: ImageAudience;
  selectedTools: string[] | undefined;
  transport: McpTransportConfig;
  tokens: TokenSource | undefined;
  state: { kind: 'ready'; tools: ListedTool[] } | { kind: 'unavailable'; error: string; retried: boolean };
};

function failedCall(
  status: 'failed' | 'cancelled',
  errorCode: ToolCallOutcome['errorCode'],
  text: string,
): ToolCallOutcome {
  return { status, text, isToolError: false, durationMs: 0, ...(errorCode && { errorCode }) };
}

class ExecutionToolbox implements Toolbox {
  readonly #options: OpenToolboxOptions;
  readonly #servers: Server[] = [];
  readonly #unknown: { server: string; error: string }[] = [];
  #tools: McpTool[] = [];
  readonly #closing = new AbortController();
  #closed: Promise<void> | null = null;
  #cleanedUp: Promise<void> | null = null;

  constructor(options: OpenToolboxOptions) {
    this.#options = options;
    const selection =
      options.selection ?? Object.keys(options.servers).map((server) => ({ server, tools: undefined }));
    for (const { server, tools } of selection) {
      const config = Object.hasOwn(options.servers, server) ? options.servers[server] : undefined;
      if (config === undefined) this.#unknown.push({ server, error: 'no server of this name is configured' });
      else if (!this.#servers.some((known) => known.name === server)) this.#add(server, config, tools);
    }
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get tools(): McpTool[] {
    return this.#tools;
  }

  get unavailable(): { server: string; error: string }[] {
    const down = this.#servers.flatMap(({ name, state }) =>
      state.kind === 'unavailable' ? [{ server: name, error: state.error }] : [],
    );
    return [...down, ...this.#unknown];
  }

  async reload(): Promise<void> {
    await Promise.all(this.#servers.map((server) => this.#load(server, false)));
    this.#nameAll();
  }

  async call(request: ToolCallRequest): Promise<ToolCallOutcome> {
    if (request.signal.aborted || this.#closed) {
      return failedCall('cancelled', 'cancelled', `The call of ${request.wireName} was cancelled.`);
    }
    const { wireName, planned } = request;
    const isMeant = (tool: McpTool) =>
      planned
        ? tool.server === planned.server && storable(tool.name) === planned.tool
        : tool.wireName === wireName;
    const isItsServer = ({ name }: Server) =>
      planned ? name === planned.server : wireName.startsWith(wireNameOf(name, ''));
    if (!this.#tools.some(isMeant)) await this.#retry(this.#servers.filter(isItsServer));
    const tool = this.#tools.find(isMeant);
    const server = this.#servers.find((candidate) =>
      tool ? candidate.name === tool.server : isItsServer(candidate),
    );
    if (!tool || !server) return this.#refuse(wireName, server);
    if (planned?.readOnly && !tool.readOnly) {
      const text = `Not run: server "${tool.server}" does not mark "${tool.name}" as read-only any more, as it did when this call was made. Call it again if it is still needed.`;
      return failedCall('failed', 'changed', text);
    }
    const { connection, masker, timeoutMs, images } = server;
    return callTool({
      connection,
      tool,
      masker,
      images,
      timeoutMs,
      arguments: request.arguments,
      signal: this.#until(request.signal),
      onProgress: request.onProgress,
      onOutput: request.onOutput,
    });
  }

  async listResources(name: string, signal: AbortSignal): Promise<McpResource[]> {
    const server = this.#servers.find((candidate) => candidate.name === name);
    if (server?.state.kind !== 'ready') return [];
    return listResources({ ...server, server: name, signal: this.#until(signal) });
  }

  async readResource(request: {
    server: string;
    uri: string;
    signal: AbortSignal;
  }): Promise<ToolCallOutcome> {
    const server = this.#servers.find((candidate) => candidate.name === request.server);
    if (server?.state.kind !== 'ready') return this.#refuse(request.server, server);
    return readResource({
      ...server,
      server: server.name,
      uri: request.uri,
      signal: this.#until(request.signal),
    });
  }

  retryUnavailable(): Promise<boolean> {
    return this.#retry(this.#servers);
  }

  close(options: { over?: boolean } = {}): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#closing.abort();
    this.#closed ??= Promise.all(this.#servers.map(({ connection }) => connection.close())).then(
      () => undefined,
    );
    if (options.over) this.#cleanedUp ??= this.#closed.then(() => this.#cleanUp());
    return this.#cleanedUp ?? this.#closed;
  }

  async #cleanUp(): Promise<void> {
    const { logger } = this.#options;
    const told = this.#servers.flatMap(({ name, transport, tokens }) => {
      if (transport.type === 'stdio' || transport.cleanupUrl === undefined) return [];
      const { url: serverUrl, cleanupUrl: url, headers } = transport;
      const http = openServerFetch(tlsOf(transport));
      const send = tokens ? createAuthorizedFetch(http.fetch, { tokens, serverUrl }) : http.fetch;
      const told = cleanUpServer({ server: name, url, headers, fetch: send, logger });
      return [told.finally(() => http.close())];
    });
    await Promise.all(told);
  }

  /** Ends with the call's own signal, the toolbox's, or when the toolbox is closed. */
  #until(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#options.signal, this.#closing.signal]);
  }

  #onAbort = (): void => {
    void this.close();
  };

  #add(name: string, config: ServerSettings, tools: string[] | undefined): void {
    const { env, logger, maskerFor, tokensFor, defaultTimeoutMs } = this.#options;
    const connectTimeoutMs = config.connectTimeout ?? this.#options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
    const transport = fillPlaceholders(config.transport, this.#options);
    const tokens = tokensFor?.(name);
    const masker = withoutTokens(maskerFor?.(name) ?? PLAIN, tokens);
    this.#servers.push({
      name,
      connection: new ServerConnection({
        server: name,
        config: { transport },
        env,
        masker,
        logger,
        tokens,
        connectTimeoutMs,
      }),
      masker,
      connectTimeoutMs,
      timeoutMs: config.timeout ?? defaultTimeoutMs ?? DEFAULT_CALL_TIMEOUT_MS,
      images: config.images ?? 'people',
      selectedTools: tools,
      transport,
      tokens,
      state: { kind: 'unavailable', error: 'not connected yet', retried: false },
    });
  }

  #refuse(wireName: string, server: Server | undefined): ToolCallOutcome {
    if (server?.state.kind === 'unavailable') {
      const text = `Server "${server.name}" is not available: ${server.state.error}`;
      return failedCall('failed', 'unavailable', text);
    }
    const resolved = resolveToolName(wireName, this.#tools);
    const text = resolved.found ? `Call the tool as ${resolved.tool.wireName}.` : resolved.message;
    return failedCall('failed', 'unknown_tool', text);
  }

  async #retry(servers: Server[]): Promise<boolean> {
    const again = servers.filter(({ state }) => state.kind === 'unavailable' && !state.retried);
    if (again.length === 0 || this.#closed) return false;
    await Promise.all(again.map((server) => this.#load(server, true)));
    this.#nameAll();
    return again.some(({ state }) => state.kind === 'ready');
  }

  async #load(server: Server, retried: boolean): Promise<void> {
    const { logger, executionId } = this.#options;
    const timeoutMs = server.connectTimeoutMs;
    const limit = AbortSignal.timeout(timeoutMs * 2);
    const signal = AbortSignal.any([this.#options.signal, limit]);
    try {
      const { tools, dropped } = await server.connection.request(
        (client) => listTools(client, { server: server.name, masker: server.masker, signal, timeoutMs }),
        { signal },
      );
      if (dropped > 0) logger.warn({ mcpServer: server.name, dropped }, 'mcp tools left out of the list');
      server.state = { kind: 'ready', tools: this.#select(server, tools) };
    } catch (error) {
      const text = limit.aborted ? `no tool list within ${(timeoutMs * 2) / 1000} s` : errorMessage(error);
      const masked = maskErrorText(server.masker, text);
      server.state = { kind: 'unavailable', error: masked, retried };
      logger.warn({ mcpServer: server.name, executionId, error: masked }, 'mcp server unavailable');
    }
  }

  #select(server: Server, tools: ListedTool[]): ListedTool[] {
    const wanted = server.selectedTools;
    if (wanted === undefined) return tools;
    const missing = wanted.filter((name) => !tools.some((tool) => tool.name === name));
    if (missing.length > 0)
      this.#options.logger.warn({ mcpServer: server.name, missing }, 'selected mcp tools do not exist');
    return tools.filter((tool) => wanted.includes(tool.name));
  }

  #nameAll(): void {
    this.#tools = nameTools(
      this.#servers.flatMap(({ state }) => (state.kind === 'ready' ? state.tools : [])),
    );
  }
}

/**
 * Opens one isolated client per server of the selection, all at once, and reads their tools. A server that cannot be
 * reached is listed in `unavailable` and the rest works. Throws only the signal's reason when it aborts meanwhile.
 */
export async function openToolbox(options: OpenToolboxOptions): Promise<Toolbox> {
  options.signal.throwIfAborted();
  const toolbox = new ExecutionToolbox(options);
  await toolbox.reload();
  if (options.signal.aborted) {
    await toolbox.close();
    throw options.signal.reason;
  }
  return toolbox;
}
