import { costView } from '#src/features/sessions/server/index.ts';
import { attachGateway, type Gateway } from '#src/server/realtime/gateway.ts';
import { createRelay } from '#src/server/realtime/relay.ts';
import type { HttpServerOptions, Realtime } from './http-server.ts';

const SOCKET_PREFIX = '/socket/';

/** One relay per process, and its Socket.IO gateway on our server. */
export const openRealtime: NonNullable<HttpServerOptions['openRealtime']> = async (
  wiring,
): Promise<Realtime> => {
  const { kernel, server, authenticator } = wiring;
  let gateway: Gateway | undefined;
  const relay = createRelay({
    database: kernel.database,
    log: kernel.log,
    showEvent: (event) => costView(kernel).event(event),
    onAccessChange() {
      authenticator.forget();
      gateway?.recheckAccess();
    },
  });
  gateway = attachGateway({
    httpServer: server,
    relay,
    kernel,
    principalFromRequest: authenticator.principalFromRequest,
  });
  return {
    state: relay.state,
    owns: (req) => req.url?.startsWith(SOCKET_PREFIX) ?? false,
    async close() {
      await gateway?.close();
      await relay.close();
    },
  };
};
