import type { OpenKernel } from '#src/server/open-kernel.ts';

/** Opens configuration and database for one command, as every process does, and closes them again. */
export async function withKernel<T>(
  work: (kernel: OpenKernel) => Promise<T>,
  options: { migrate?: boolean; databaseUrl?: string } = {},
): Promise<T> {
  const [{ loadEnv }, { openKernel }] = await Promise.all([
    import('#src/server/env.ts'),
    import('#src/server/open-kernel.ts'),
  ]);
  const env = loadEnv();
  const { databaseUrl = env.databaseUrl, ...rest } = options;
  // A command's output is its result; the log speaks only of trouble unless asked to.
  const logLevel = env.variables.LOG_LEVEL ? env.logLevel : 'error';
  const kernel = await openKernel({ env: { ...env, logLevel, databaseUrl }, process: 'tars', ...rest });
  try {
    return await work(kernel);
  } finally {
    await kernel.close();
  }
}
