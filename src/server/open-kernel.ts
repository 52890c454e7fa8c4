import { resolveAuthSecret } from './auth/auth-secret.ts';
import { type Config, type ConfigIssue, type LoadedConfig, loadConfig, watchConfig } from './config/index.ts';
import { createSecretBox } from './crypto.ts';
import { openDatabase } from './db/database.ts';
import { type EmbeddedDatabase, startEmbeddedPostgres } from './db/embedded-postgres.ts';
import { migrate } from './db/migrate.ts';
import { waitForDatabase } from './db/wait-for-database.ts';
import type { Env } from './env.ts';
import { errorMessage } from './errors.ts';
import type { Kernel } from './kernel.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { StartError } from './start-error.ts';

export type OpenKernel = Kernel & {
  env: Env & { authSecret: string };
  config: {
    current(): Config;
    /** With its warnings and the values that must never be shown. */
    loaded(): LoadedConfig;
    /** Problems of the files as they are now, when a change could not be taken. */
    issues(): readonly ConfigIssue[];
  };
  close(): Promise<void>;
};

/**
 * Opens what every process needs, in the order in which it may fail: configuration, secret, database, schema.
 * Throws `StartError`, `ConfigError` or `MigrationError`, whose messages are for the operator; nothing stays open then.
 */
export async function openKernel(options: {
  env: Env;
  process: 'web' | 'worker' | 'tars';
  /** False leaves the schema as it is, for commands that must not change it. */
  migrate?: boolean;
}): Promise<OpenKernel> {
  const { env } = options;
  const log = createLogger({ level: env.logLevel, process: options.process });
  const source = { directory: env.configDir, env: env.variables };
  const initial = await loadConfig(source);
  for (const warning of initial.warnings) log.warn({ warning }, 'configuration');
  const authSecret = await resolveAuthSecret(env);
  const embedded = env.databaseUrl ? undefined : await startEmbedded(env);
  let closing = false;
  const database = openDatabase(env.databaseUrl ?? embedded?.url ?? '', {
    // The text only: the driver's error carries its client, with everything that it knows.
    onError: (error) => {
      if (!closing) log.warn({ reason: error.message }, 'an idle database connection broke');
    },
  });
  try {
    await waitForDatabase(database);
    if (options.migrate ?? true) {
      const applied = await migrate(database);
      if (applied.length > 0) log.info({ applied }, 'database migrated');
    }
  } catch (error) {
    await database.close().catch(() => undefined);
    await embedded?.stop();
    throw error;
  }
  const watcher = watchConfig({
    ...source,
    initial,
    onChange: (loaded) => log.info({ files: loaded.files }, 'configuration reloaded'),
    onInvalid: (error) =>
      log.error({ problem: error.message }, 'changed configuration is not valid; the old one stays'),
  });
  return {
    env: { ...env, authSecret },
    log,
    database,
    config: {
      current: () => watcher.current().config,
      loaded: () => watcher.current(),
      issues: () => watcher.issues(),
    },
    metrics: createMetrics({ defaults: options.process !== 'tars' }),
    secrets: createSecretBox(authSecret),
    async close() {
      closing = true;
      watcher.stop();
      await database.close();
      await embedded?.stop();
    },
  };
}

async function startEmbedded(env: Env): Promise<EmbeddedDatabase> {
  try {
    return await startEmbeddedPostgres({ dataDir: env.dataDir });
  } catch (error) {
    throw new StartError(errorMessage(error), { cause: error });
  }
}
