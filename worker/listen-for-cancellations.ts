import pg from 'pg';
import { CANCEL_CHANNEL, cancelRunning } from '#src/features/sessions/server/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { LISTEN_RETRY_MS } from './tunables.ts';

/** Stops runs of this process within milliseconds of their cancellation; without the listener the lease's beat does, later. */
export function listenForCancellations(kernel: Kernel): { close(): Promise<void> } {
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
    next.on('notification', ({ payload }) => payload && cancelRunning(payload));
    try {
      await next.connect();
      await next.query(`listen ${CANCEL_CHANNEL}`);
    } catch (error) {
      kernel.log.warn(
        { err: error },
        'cancellations are only seen with the lease until the database answers',
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
