import type { ChildProcess } from 'node:child_process';
import { z } from 'zod';
import { signalGroup } from '#src/server/mcp/process-group.ts';
import { StartError } from '#src/server/start-error.ts';
import { hasEnded, startProgram, waitForExit } from './program.ts';
import type { SupervisorLog } from './supervisor-log.ts';
import { DATABASE_RETRY_MS, DATABASE_START_MS, DATABASE_STOP_MS } from './tunables.ts';

const messageSchema = z.union([z.object({ url: z.string() }), z.object({ error: z.string() })]);
type KeeperMessage = z.infer<typeof messageSchema>;

export type DatabaseKeeper = { url: string; stop(): Promise<void>; kill(): void };

/**
 * Starts the embedded database in its keeper process, and another keeper when that one dies (it takes over the running
 * server). Throws `StartError` with the reason when the database does not come up the first time.
 */
export async function openDatabaseKeeper(options: {
  variables: Record<string, string | undefined>;
  log: SupervisorLog;
  logFile?: string | undefined;
}): Promise<DatabaseKeeper> {
  const { log } = options;
  const start = (args: string[]) =>
    startProgram({
      name: 'database',
      file: 'src/supervisor/database-keeper.ts',
      args,
      env: options.variables,
      logFile: options.logFile,
    });
  let stopping = false;
  let child = start([]);
  const first = await firstMessage(child);
  if ('error' in first) throw new StartError(first.error);
  const { url } = first;
  const { port } = new URL(url);

  const follow = () => {
    child.once('exit', (code, signal) => {
      if (stopping) return;
      log.warn({ program: 'database', code, signal }, 'its keeper ended unexpectedly; starting another');
      setTimeout(() => {
        if (stopping) return;
        child = start([port]);
        follow();
      }, DATABASE_RETRY_MS);
    });
  };
  follow();
  return {
    url,
    async stop() {
      stopping = true;
      if (hasEnded(child)) return;
      child.kill('SIGTERM');
      if (!(await waitForExit(child, DATABASE_STOP_MS))) signalGroup(child, 'SIGKILL');
    },
    kill: () => void signalGroup(child, 'SIGTERM'),
  };
}

function firstMessage(child: ChildProcess): Promise<KeeperMessage> {
  return new Promise((resolve) => {
    const finish = (message: KeeperMessage) => {
      clearTimeout(timer);
      resolve(message);
    };
    const timer = setTimeout(() => {
      signalGroup(child, 'SIGKILL');
      finish({ error: `The embedded database did not start within ${DATABASE_START_MS / 1_000} s.` });
    }, DATABASE_START_MS);
    child.once('message', (message) => finish(messageSchema.parse(message)));
    child.once('error', (error) => finish({ error: error.message }));
    child.once('exit', () => finish({ error: 'The embedded database ended while it started.' }));
  });
}
