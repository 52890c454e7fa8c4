import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env } from '#src/server/env.ts';
import { checkBuild, checkPort } from './check-start.ts';
import { type KeptProcess, keepRunning } from './keep-running.ts';
import { migrateFirst } from './migrate-first.ts';
import { openDatabaseKeeper } from './open-database-keeper.ts';
import { reloadOnChange } from './reload-on-change.ts';
import type { SupervisorLog } from './supervisor-log.ts';

export type Supervisor = {
  databaseUrl: string;
  processes: readonly KeptProcess[];
  /** Ends everything in order: web and worker together, then the database. May be called again. */
  stop(): Promise<void>;
  /** Does not wait for those that are slow to end. */
  hasten(): void;
};

export type SuperviseOptions = {
  env: Env;
  log: SupervisorLog;
  /** Directory for one log file per process; absent: their output is ours. */
  logDirectory?: string;
  /** Called once the database is there and migrated, before web and worker start. */
  onDatabase?: (databaseUrl: string) => Promise<void>;
};

/**
 * Runs a whole installation: the embedded database when no `DATABASE_URL` is set, the migrations, then web and worker,
 * each started again whenever it ends. Throws `StartError` with one line when the start cannot succeed; nothing runs then.
 */
export async function supervise(options: SuperviseOptions): Promise<Supervisor> {
  const { env, log, logDirectory } = options;
  checkBuild(env);
  await checkPort(env);
  if (logDirectory !== undefined) await mkdir(logDirectory, { recursive: true });
  const logFile = (name: string) =>
    logDirectory === undefined ? undefined : join(logDirectory, `${name}.log`);
  const variables = {
    ...env.variables,
    NODE_ENV: env.mode,
    TARS_PORT: String(env.port),
    TARS_DATA_DIR: env.dataDir,
    TARS_CONFIG: env.configDir,
  };
  const keeper = env.databaseUrl
    ? undefined
    : await openDatabaseKeeper({ variables, log, logFile: logFile('database') });
  const databaseUrl = env.databaseUrl ?? keeper?.url ?? '';
  const childEnv = { ...variables, DATABASE_URL: databaseUrl };
  try {
    await migrateFirst({ variables: childEnv, logFile: logFile('migrate') });
    await options.onDatabase?.(databaseUrl);
  } catch (error) {
    await keeper?.stop();
    throw error;
  }
  const processes = [
    keepRunning({ name: 'web', file: 'src/main.ts', env: childEnv, logFile: logFile('web') }, log),
    keepRunning({ name: 'worker', file: 'worker/index.ts', env: childEnv, logFile: logFile('worker') }, log),
  ];
  const stopWatching = env.mode === 'development' ? reloadOnChange(processes) : () => undefined;
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    stopWatching();
    await Promise.all(processes.map((process) => process.stop()));
    await keeper?.stop();
  };
  return {
    databaseUrl,
    processes,
    stop() {
      stopped ??= stop();
      return stopped;
    },
    hasten() {
      for (const process of processes) process.kill();
    },
  };
}
