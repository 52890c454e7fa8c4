import { ConfigError } from '#src/server/config/index.ts';
import { MigrationError } from '#src/server/db/migrate.ts';
import { EnvError, loadEnv } from '#src/server/env.ts';
import { StartError } from '#src/server/start-error.ts';
import { serve } from '#src/web/serve.ts';
import { SHUTDOWN_LIMIT_MS } from '#src/web/tunables.ts';

/** Errors whose message is written for the operator. Everything else is a defect and keeps its stack. */
const isForOperator = (error: unknown): error is Error =>
  [StartError, ConfigError, EnvError, MigrationError].some((kind) => error instanceof kind);

try {
  const web = await serve(loadEnv());
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    // What does not close in time does not hold the process: its work is in the database.
    setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref();
    web.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
} catch (error) {
  process.stderr.write(
    isForOperator(error) ? `tars: ${error.message}\n` : `tars: ${describeDefect(error)}\n`,
  );
  process.exit(1);
}

function describeDefect(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
