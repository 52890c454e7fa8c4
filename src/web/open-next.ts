import { existsSync } from 'node:fs';
import { Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Env } from '#src/server/env.ts';
import { StartError } from '#src/server/start-error.ts';
import type { PageRenderer } from './serve-pages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Next inside our server: pages compiled on demand in development, the build in `.next` otherwise. */
export async function openNext(env: Env, address: { host: string; port: number }): Promise<PageRenderer> {
  const dev = env.mode === 'development';
  if (!dev && !existsSync(join(root, '.next', 'BUILD_ID'))) {
    throw new StartError('The pages are not built: run npm run build, or start with NODE_ENV=development.');
  }
  // Read when Next is loaded, which therefore happens only here.
  process.env.NEXT_TELEMETRY_DISABLED = '1';
  const { default: next } = await import('next');
  // Next hooks itself onto the upgrades of whichever server it is given, or finds; a server that never listens keeps
  // it away from the sockets of ours. Its own upgrade handler does nothing, so those meant for it are told to that server.
  const httpServer = new Server();
  const app = next({ dev, dir: root, hostname: address.host, port: address.port, httpServer });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    handle: (req, res) => handle(req, res),
    // Only development has sockets of its own, for hot reload; its pages do not come alive without them.
    async upgrade(req, socket, head) {
      if (!dev || !httpServer.emit('upgrade', req, socket, head)) socket.destroy();
    },
    close: () => app.close(),
  };
}
