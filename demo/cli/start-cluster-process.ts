import { createInterface } from 'node:readline';
import { z } from 'zod';
import { signalGroup } from '#src/server/mcp/process-group.ts';
import { StartError } from '#src/server/start-error.ts';
import { hasEnded, startProgram, waitForExit } from '#src/supervisor/program.ts';
import { STOP_GRACE_MS } from '#src/supervisor/tunables.ts';
import { CLUSTER_START_MS } from './tunables.ts';

const readySchema = z.object({ ready: z.literal(true), adminUrl: z.string(), token: z.string() });

export type ClusterProcess = {
  /** Plain HTTP on this machine: the API and `/_demo`. */
  adminUrl: string;
  token: string;
  stop(): Promise<void>;
};

/** Starts the simulated cluster as a process of its own, with incidents in it. Throws `StartError` naming the log file. */
export async function startClusterProcess(options: {
  kubeconfig: string;
  incidents: readonly string[];
  variables: Record<string, string | undefined>;
  logFile: string;
}): Promise<ClusterProcess> {
  const child = startProgram({
    name: 'cluster',
    file: 'demo/cluster/main.ts',
    args: ['--kubeconfig', options.kubeconfig, '--incidents', options.incidents.join(',')],
    env: options.variables,
    logFile: options.logFile,
    pipeOutput: true,
  });
  const stop = async () => {
    if (hasEnded(child)) return;
    child.kill('SIGTERM');
    if (!(await waitForExit(child, STOP_GRACE_MS))) signalGroup(child, 'SIGKILL');
  };
  const line = await new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), CLUSTER_START_MS);
    const finish = (text: string | undefined) => {
      clearTimeout(timer);
      resolve(text);
    };
    child.once('error', () => finish(undefined));
    child.once('exit', () => finish(undefined));
    if (child.stdout) createInterface({ input: child.stdout }).once('line', finish);
  });
  const ready = readySchema.safeParse(line === undefined ? undefined : JSON.parse(line));
  if (ready.success) return { adminUrl: ready.data.adminUrl, token: ready.data.token, stop };
  await stop();
  throw new StartError('The simulated cluster did not start.');
}
