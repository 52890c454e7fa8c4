import { connect, createServer, type Server, type Socket } from 'node:net';

/** A wire to a real server that can be cut and mended: what a database restart looks like from outside. */
export async function openBreakableConnection(target: {
  host: string;
  port: number;
}): Promise<{ port: number; cut(): Promise<void>; mend(): Promise<void>; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const start = (port: number): Promise<number> =>
    new Promise((resolve) => {
      const created = createServer((near) => {
        const far = connect(target.port, target.host);
        for (const [from, to] of [
          [near, far],
          [far, near],
        ] as const) {
          sockets.add(from);
          from.on('error', () => to.destroy()).on('close', () => sockets.delete(from));
          from.pipe(to);
        }
      });
      server = created;
      created.listen(port, '127.0.0.1', () => {
        const address = created.address();
        resolve(address !== null && typeof address === 'object' ? address.port : port);
      });
    });
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      server?.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const port = await start(0);
  return { port, cut, mend: async () => void (await start(port)), close: cut };
}
