import type { Config } from './config/schema.ts';
import type { SecretBox } from './crypto.ts';
import type { Database } from './db/database.ts';
import type { Env } from './env.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/**
 * What every use case gets as its first argument: the process's open resources. Built once by `src/main.ts`,
 * `worker/index.ts` and the CLI, by hand in tests; nothing reaches for a global.
 */
export type Kernel = {
  env: Env;
  log: Logger;
  database: Database;
  /** The newest valid configuration; read it anew for each decision, since files may change while we run. */
  config: { current(): Config };
  metrics: Metrics;
  secrets: SecretBox;
};
