import { loadEnv } from '#src/server/env.ts';
import { createLogger } from '#src/server/logger.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { type Supervisor, supervise } from './supervise.ts';

/** `tars up`: supervises an installation until it is told to stop. Resolves to the exit code. */
export async function runSupervisor(): Promise<number> {
  const env = loadEnv();
  const log = createLogger({ level: env.logLevel, process: 'tars' });
  const stopped = Promise.withResolvers<void>();
  const wanted = { stop: false };
  let supervisor: Supervisor | undefined;
  stopOnSignals({
    npm: Boolean(env.variables.npm_lifecycle_event),
    stop: () => {
      wanted.stop = true;
      log.info({}, 'stopping');
      supervisor?.stop().then(stopped.resolve, stopped.reject);
    },
    hasten: () => supervisor?.hasten(),
  });
  supervisor = await supervise({ env, log });
  // Asked to stop while it was still starting.
  if (wanted.stop) await supervisor.stop();
  else await stopped.promise;
  log.info({}, 'stopped');
  return 0;
}
