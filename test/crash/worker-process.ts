import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { TEST_SECRET } from '../kernel.ts';
import { waitFor } from '../runs.ts';

const WORKER_PATH = fileURLToPath(new URL('../../worker/index.ts', import.meta.url));
/** A busy machine loads the worker's modules for a while. */
const START_LIMIT_MS = 30_000;

/** A real worker in a process of its own, which a test may kill, freeze and stop. */
export type WorkerProcess = {
  pid: number;
  /** Id in `worker_host` and in leases. */
  hostId: string;
  /** What it has written so far: its log (JSON lines), and errors. */
  output(): string;
  /** Sends the signal; the promise of `exited` says how the process took it. */
  signal(signal: NodeJS.Signals): void;
  /** `kill -9`, and waits until the process is gone. */
  kill(): Promise<void>;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** Starts `worker/index.ts` and resolves when it takes jobs. */
export async function startWorkerProcess(options: {
  databaseUrl: string;
  configDir: string;
  dataDir: string;
}): Promise<WorkerProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', WORKER_PATH], {
    env: {
      NODE_ENV: 'production',
      PATH: process.env.PATH,
      DATABASE_URL: options.databaseUrl,
      TARS_CONFIG: options.configDir,
      TARS_DATA_DIR: options.dataDir,
      AUTH_SECRET: TEST_SECRET,
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const worker = watchProcess(child);
  try {
    const hostId = await waitFor(
      () => {
        if (child.exitCode !== null) throw new Error(`the worker ended at once:\n${worker.output()}`);
        return /"hostId":"([^"]+)"/.exec(worker.output())?.[1];
      },
      'the worker was not ready',
      START_LIMIT_MS,
    );
    return { ...worker, hostId };
  } catch (error) {
    await worker.kill();
    throw error;
  }
}

function watchProcess(child: ChildProcess): Omit<WorkerProcess, 'hostId'> {
  const { pid } = child;
  if (pid === undefined) throw new Error('the worker could not be started');
  let text = '';
  const keep = (chunk: Buffer) => {
    text += chunk.toString('utf8');
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const exited = once(child, 'exit').then(() => ({ code: child.exitCode, signal: child.signalCode }));
  return {
    pid,
    output: () => text,
    signal: (signal) => void child.kill(signal),
    exited,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
