import type { McpServerConfig } from '../config/schema.ts';
import { errorMessage } from '../errors.ts';
import { classifyError } from './classify-error.ts';
import type { Environment } from './create-transport.ts';
import { fillPlaceholders } from './fill-placeholders.ts';
import { listTools } from './list-tools.ts';
import { maskErrorText } from './mask-safely.ts';
import { ServerConnection } from './server-connection.ts';
import { NeedsSignInError, type TokenSource } from './token-source.ts';
import {
  CONNECT_TIMEOUT_MS,
  HEALTH_INTERVAL_MS,
  HEALTH_LIST_EVERY_PROBES,
  HEALTH_MAX_BACKOFF_MS,
  HEALTH_PROBE_TIMEOUT_MS,
  HEALTH_SIGN_IN_INTERVAL_MS,
  HEALTH_STAGGER_MS,
} from './tunables.ts';
import type { Masker, McpLogger } from './types.ts';

export type ServerHealth = {
  server: string;
  /** `unknown` until the first probe has ended. */
  status: 'healthy' | 'unhealthy' | 'needs_sign_in' | 'unknown';
  /** Masked; null unless it cannot be used. */
  error: string | null;
  checkedAt: Date | null;
  /** As last listed; kept while a server is down. */
  tools: { name: string; description: string; readOnly: boolean }[];
};

type Servers = Record<string, Pick<McpServerConfig, 'transport' | 'connectTimeout'>>;

export type HealthMonitorOptions = {
  servers: Servers;
  env: Environment;
  maskerFor?: (server: string) => Masker;
  /** Tokens of the servers that want a sign-in. */
  tokensFor?: (server: string) => TokenSource | undefined;
  /** Status, error or tools of a server changed (also the first time). */
  onChange: (server: string, health: ServerHealth) => void;
  logger: McpLogger;
  intervalMs?: number;
  connectTimeoutMs?: number;
};

/** Time until the next probe: the interval, doubled for each further failure in a row. Pure. */
export function nextProbeDelayMs(failures: number, intervalMs: number): number {
  if (failures <= 1) return intervalMs;
  return Math.max(intervalMs, Math.min(intervalMs * 2 ** Math.min(failures - 1, 20), HEALTH_MAX_BACKOFF_MS));
}

/** Probes one server over a connection of its own, one probe at a time, until it is closed. */
class ServerProbe {
  readonly #server: string;
  readonly #options: HealthMonitorOptions;
  readonly #masker: Masker;
  readonly #connection: ServerConnection;
  readonly #closing = new AbortController();
  readonly #connectTimeoutMs: number;
  #health: ServerHealth;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #probes = 0;
  #failures = 0;
  #listDue = true;

  constructor(
    server: string,
    config: Servers[string],
    options: HealthMonitorOptions & { firstProbeAfterMs: number },
  ) {
    this.#server = server;
    this.#options = options;
    this.#connectTimeoutMs = config.connectTimeout ?? options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
    const tokens = options.tokensFor?.(server);
    const masker = options.maskerFor?.(server) ?? { text: (text) => text };
    this.#masker = tokens ? { text: (text) => masker.text(tokens.hide(text)) } : masker;
    this.#health = { server, status: 'unknown', error: null, checkedAt: null, tools: [] };
    this.#connection = new ServerConnection({
      server,
      config: { transport: fillPlaceholders(config.transport, { executionId: 'health' }) },
      env: options.env,
      masker: this.#masker,
      logger: options.logger,
      tokens,
      connectTimeoutMs: this.#connectTimeoutMs,
      onToolsChanged: () => {
        this.#listDue = true;
      },
    });
    this.#schedule(options.firstProbeAfterMs);
  }

  get health(): ServerHealth {
    return this.#health;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    await this.#connection.close();
    await this.#running;
  }

  #schedule(delayMs: number): void {
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#probe();
    }, delayMs);
  }

  async #probe(): Promise<void> {
    const intervalMs = this.#options.intervalMs ?? HEALTH_INTERVAL_MS;
    const limit = new AbortController();
    const connectMs = this.#connection.connected ? 0 : this.#connectTimeoutMs;
    const timer = setTimeout(() => limit.abort(), connectMs + HEALTH_PROBE_TIMEOUT_MS);
    const signal = AbortSignal.any([limit.signal, this.#closing.signal]);
    let nextMs: number | undefined;
    try {
      const tools = await this.#ask(signal);
      this.#failures = 0;
      this.#set({ status: 'healthy', error: null, tools: tools ?? this.#health.tools });
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      this.#failures += 1;
      this.#listDue = true;
      const failure = classifyError(error);
      const needsSignIn = failure.kind === 'needs_sign_in';
      // Without a token nothing is asked of anybody; with one that is refused, each look costs a renewal.
      if (error instanceof NeedsSignInError && !error.refused)
        nextMs = Math.min(intervalMs, HEALTH_SIGN_IN_INTERVAL_MS);
      const text = limit.signal.aborted
        ? `no answer within ${(connectMs + HEALTH_PROBE_TIMEOUT_MS) / 1000} s`
        : failure.message;
      this.#set({
        status: needsSignIn ? 'needs_sign_in' : 'unhealthy',
        error: maskErrorText(this.#masker, text),
        tools: this.#health.tools,
      });
      // Whatever state the session is in, the next probe starts with a fresh one.
      await this.#connection.drop();
    } finally {
      clearTimeout(timer);
      this.#schedule(nextMs ?? nextProbeDelayMs(this.#failures, intervalMs));
    }
  }

  /** The tools when it was time to list them, else undefined after a ping. Throws when the server does not answer. */
  async #ask(signal: AbortSignal): Promise<ServerHealth['tools'] | undefined> {
    this.#probes += 1;
    const isListing = this.#listDue || this.#probes % HEALTH_LIST_EVERY_PROBES === 0;
    return this.#connection.request(
      async (client) => {
        if (!isListing) {
          await client.ping({ signal, timeout: HEALTH_PROBE_TIMEOUT_MS });
          return undefined;
        }
        const { tools } = await listTools(client, {
          server: this.#server,
          masker: this.#masker,
          signal,
          timeoutMs: HEALTH_PROBE_TIMEOUT_MS,
        });
        this.#listDue = false;
        return tools.map(({ name, description, readOnly }) => ({ name, description, readOnly }));
      },
      { signal },
    );
  }

  #set(next: Pick<ServerHealth, 'status' | 'error' | 'tools'>): void {
    if (this.#closing.signal.aborted) return;
    const before = this.#health;
    this.#health = { ...next, server: this.#server, checkedAt: new Date() };
    const isSame =
      before.status === next.status &&
      before.error === next.error &&
      JSON.stringify(before.tools) === JSON.stringify(next.tools);
    if (!isSame) this.#report();
  }

  #report(): void {
    try {
      this.#options.onChange(this.#server, this.#health);
    } catch (error) {
      // The listener's trouble says nothing about the server.
      const text = maskErrorText(this.#masker, errorMessage(error));
      this.#options.logger.warn({ mcpServer: this.#server, error: text }, 'mcp health listener failed');
    }
  }
}

export interface HealthMonitor {
  /** What is known now, by name of the server. */
  snapshot(): ServerHealth[];
  /** Takes a changed configuration: probes of removed or changed servers end, new ones start. */
  setServers(servers: Servers): Promise<void>;
  /** Ends all probes, connections and processes. */
  close(): Promise<void>;
}

/** A server is looked at anew when this changes. */
const probeKey = ({ transport, connectTimeout }: Servers[string]) =>
  JSON.stringify([transport, connectTimeout]);

/** Watches every configured server with a client of its own, apart from those of the executions. */
export function startHealthMonitor(options: HealthMonitorOptions): HealthMonitor {
  const probes = new Map<string, { key: string; probe: ServerProbe }>();
  let closed = false;

  async function setServers(servers: Servers): Promise<void> {
    if (closed) return;
    const ended: Promise<void>[] = [];
    for (const [name, { key, probe }] of probes) {
      const config = Object.hasOwn(servers, name) ? servers[name] : undefined;
      if (config !== undefined && probeKey(config) === key) continue;
      probes.delete(name);
      ended.push(probe.close());
    }
    let started = 0;
    for (const [name, config] of Object.entries(servers)) {
      if (probes.has(name)) continue;
      const key = probeKey(config);
      const firstProbeAfterMs = started * HEALTH_STAGGER_MS;
      probes.set(name, { key, probe: new ServerProbe(name, config, { ...options, firstProbeAfterMs }) });
      started += 1;
    }
    await Promise.all(ended);
  }

  void setServers(options.servers);
  return {
    snapshot: () => [...probes.values()].map(({ probe }) => probe.health),
    setServers,
    close: async () => {
      closed = true;
      await Promise.all([...probes.values()].map(({ probe }) => probe.close()));
      probes.clear();
    },
  };
}
