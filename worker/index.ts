import { ConfigError } from '#src/server/config/index.ts';
import { MigrationError } from '#src/server/db/migrate.ts';
import { EnvError, loadEnv } from '#src/server/env.ts';
import { openKernel } from '#src/server/open-kernel.ts';
import { StartError } from '#src/server/start-error.ts';
import { startWorker } from './start-worker.ts';
import { SHUTDOWN_LIMIT_MS } from './tunables.ts';

process.title = 'tars worker';

/** Errors whose message is written for the operator. Everything else is a defect and keeps its stack. */
const isForOperator = (error: unknown): error is Error =>
  [StartError, ConfigError, EnvError, MigrationError].some((kind) => error instanceof kind);

function fail(error: unknown): never {
  const text = isForOperator(error)
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
  process.stderr.write(`tars worker: ${text}\n`);
  process.exit(1);
}

try {
  const kernel = await openKernel({ env: loadEnv(), process: 'worker' });
  const worker = await startWorker(kernel);
  kernel.log.info({ hostId: worker.hostId }, 'worker ready');
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    // What does not end in time does not hold the process: the next claim resumes it from its rows.
    setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref();
    await worker.close();
    await kernel.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop()).on('SIGINT', () => void stop());
  await worker.done;
  if (!stopping) fail(new StartError('The queue runner ended; the supervisor starts the worker again.'));
} catch (error) {
  fail(error);
}
