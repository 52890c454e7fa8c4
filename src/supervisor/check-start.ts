import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Env } from '#src/server/env.ts';
import { StartError } from '#src/server/start-error.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Throws `StartError` when production pages are wanted and there is no build. */
export function checkBuild(env: Pick<Env, 'mode'>): void {
  if (env.mode !== 'production' || existsSync(join(root, '.next', 'BUILD_ID'))) return;
  throw new StartError('The pages are not built. Run npm run build first (or npm run dev to work on TARS).');
}

/** Throws `StartError` when the web port cannot be had, so that a restart loop does not hide the reason. */
export async function checkPort(env: Pick<Env, 'host' | 'port'>): Promise<void> {
  if (env.port === 0) throw new StartError('TARS_PORT must be a port from 1 to 65535.');
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(new StartError(portProblem(env, error), { cause: error })),
    );
    probe.listen(env.port, env.host, () => probe.close(() => resolve()));
  });
}

function portProblem({ host, port }: Pick<Env, 'host' | 'port'>, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken by another program. Choose another one with TARS_PORT=<port>.`;
    case 'EACCES':
      return `Port ${port} on ${host} needs more rights than we have. Choose one above 1023 with TARS_PORT=<port>.`;
    default:
      return `Port ${port} on ${host} cannot be used: ${error.message}.`;
  }
}
