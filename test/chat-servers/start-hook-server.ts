import type { IncomingHttpHeaders } from 'node:http';
import { type FaultyServer, startFaultyServer } from './start-faulty-server.ts';

export type Delivery = { headers: IncomingHttpHeaders; text: string; body: unknown };

export type HookServer = FaultyServer & {
  /** What was delivered, in order. */
  readonly deliveries: readonly Delivery[];
};

/** Takes any JSON that is posted, as a Workflow of Teams (`202`) and any webhook receiver do. A fault's method is `POST`. */
export async function startHookServer(): Promise<HookServer> {
  const deliveries: Delivery[] = [];
  const server = await startFaultyServer({
    nameOf: ({ method }) => method,
    refuse: (error) => ({ status: 400, body: { error } }),
    answer: ({ headers, body }) => {
      deliveries.push({ headers, text: body, body: JSON.parse(body) });
      return { status: 202, body: {} };
    },
  });
  return {
    ...server,
    deliveries,
    clear() {
      deliveries.length = 0;
      server.clear();
    },
  };
}
