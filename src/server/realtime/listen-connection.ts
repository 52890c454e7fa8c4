import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ACCESS_CHANNEL } from '../auth/access-changes.ts';
import type { Logger } from '../logger.ts';
import {
  EVENTS_CHANNEL,
  LISTEN_CONNECT_TIMEOUT_MS,
  LISTEN_PROBE_INTERVAL_MS,
  LISTEN_PROBE_TIMEOUT_MS,
  RECONNECT_MAX_MS,
  RECONNECT_MIN_MS,
} from './tunables.ts';
import { parseTyping, TYPING_CHANNEL, type Typing } from './typing.ts';
import { parseWakeUp, type WakeUp } from './wake-up.ts';

export type ListenConnection = { listening(): boolean; close(): Promise<void> };

/**
 * Keeps one LISTEN connection of its own (a pooled one could be given to somebody else) until it is closed: connects
 * again with growing, jittered pauses, and probes, since a peer that vanished sends nothing. `onListening` runs after each
 * (re)connect: whatever was announced meanwhile has been missed.
 */
export function openListenConnection(options: {
  url: string;
  log: Logger;
  onWakeUp(wakeUp: WakeUp): void;
  onTyping(typing: Typing): void;
  /** Somebody may do less, or more, than before. */
  onAccessChange(): void;
  onListening(): void;
  onLost(): void;
}): ListenConnection {
  const closing = new AbortController();
  let listening = false;
  const lost = () => {
    if (!listening) return;
    listening = false;
    if (!closing.signal.aborted) options.onLost();
  };

  const listenOnce = async (): Promise<void> => {
    const client = new pg.Client({
      connectionString: options.url,
      connectionTimeoutMillis: LISTEN_CONNECT_TIMEOUT_MS,
      query_timeout: LISTEN_PROBE_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'tars-relay',
    });
    const ended = new Promise<void>((resolve) => {
      client.once('end', () => resolve());
      client.on('error', () => resolve());
      closing.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('notification', (message) => {
      if (message.channel === TYPING_CHANNEL) {
        const typing = parseTyping(message.payload);
        if (typing) options.onTyping(typing);
        return;
      }
      if (message.channel === ACCESS_CHANNEL) return options.onAccessChange();
      const wakeUp = parseWakeUp(message.payload);
      if (wakeUp) options.onWakeUp(wakeUp);
    });
    try {
      await client.connect();
      await client.query(`listen ${EVENTS_CHANNEL}; listen ${TYPING_CHANNEL}; listen ${ACCESS_CHANNEL}`);
      if (closing.signal.aborted) return;
      listening = true;
      options.onListening();
      await Promise.race([ended, probe(client)]);
    } finally {
      lost();
      await client.end().catch(() => undefined);
    }
  };

  const run = async () => {
    for (let failures = 0; !closing.signal.aborted; failures += 1) {
      const startedAt = Date.now();
      await listenOnce().catch((error: unknown) =>
        options.log.debug({ err: error }, 'LISTEN connection failed'),
      );
      if (closing.signal.aborted) return;
      // A connection that held for a while was not a failure of the server.
      if (Date.now() - startedAt > RECONNECT_MAX_MS) failures = 0;
      const pause = Math.min(RECONNECT_MIN_MS * 2 ** failures, RECONNECT_MAX_MS);
      await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal: closing.signal }).catch(
        () => undefined,
      );
    }
  };
  const running = run();

  return {
    listening: () => listening,
    async close() {
      closing.abort();
      await running;
    },
  };

  /** Resolves when the connection does not answer any more. */
  async function probe(client: pg.Client): Promise<void> {
    try {
      while (!closing.signal.aborted) {
        await sleep(LISTEN_PROBE_INTERVAL_MS, undefined, { signal: closing.signal });
        await client.query('select 1');
      }
    } catch {
      return;
    }
  }
}
