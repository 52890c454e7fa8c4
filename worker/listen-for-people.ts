import pg from 'pg';
import {
  announceDecision,
  CANCEL_CHANNEL,
  cancelRunning,
  DECISION_CHANNEL,
} from '#src/features/sessions/server/index.ts';

import type { Kernel } from '#src/server/kernel.ts';
import { LISTEN_RETRY_MS } from './tunables.ts';

/**
 * Hears what people do to the runs of this process, within milliseconds: cancellations, which the lease's beat would see
 * later, and decisions, which the runs look for now and then.
 */
export function listenForPeople(kernel: Kernel): { close(): Promise<void> } {
  let client: pg.Client | undefined;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const reconnect = () => {
    if (closed || retry) return;
    retry = setTimeout(() => {
      retry = undefined;
      void connect();
    }, LISTEN_RETRY_MS);
  };
  const connect = async () => {
    const next = new pg.Client({ connectionString: kernel.database.url, keepAlive: true });
    client = next;
    next.on('error', () => undefined);
    next.on('end', reconnect);
    next.on('notification', ({ channel, payload }) => {
      if (!payload) return;
      if (channel === CANCEL_CHANNEL) cancelRunning(payload);
      else announceDecision(payload);
    });
    try {
      await next.connect();
      await next.query(`listen ${CANCEL_CHANNEL}; listen ${DECISION_CHANNEL}`);
    } catch (error) {
      kernel.log.warn(
        { err: error },
        'cancellations and decisions are seen later until the database answers',
      );
      reconnect();
    }
  };
  void connect();
  return {
    async close() {
      closed = true;
      clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}
