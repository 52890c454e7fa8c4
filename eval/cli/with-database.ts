import { withKernel } from '#src/cli/with-kernel.ts';
import { loadEnv } from '#src/server/env.ts';
import type { OpenKernel } from '#src/server/open-kernel.ts';
import { openDatabaseKeeper } from '#src/supervisor/open-database-keeper.ts';

/**
 * `withKernel`, with the embedded database in a process group of its own: the Ctrl-C of a terminal goes to everybody in the
 * command's group, and a database that ends at once keeps nothing of what was done.
 */
export async function withDatabase<T>(work: (kernel: OpenKernel) => Promise<T>): Promise<T> {
  const env = loadEnv();
  if (env.databaseUrl) return withKernel(work);
  const say = (fields: object, message: string) =>
    void process.stderr.write(`tars eval: ${message} ${JSON.stringify(fields)}\n`);
  const keeper = await openDatabaseKeeper({
    variables: { LOG_LEVEL: 'error', ...env.variables, TARS_DATA_DIR: env.dataDir },
    log: { info: say, warn: say, error: say },
  });
  try {
    return await withKernel(work, { databaseUrl: keeper.url });
  } finally {
    await keeper.stop();
  }
}
