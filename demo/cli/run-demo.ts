import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApiClient } from '#src/cli/api-client.ts';
import { loadConfig } from '#src/server/config/index.ts';
import { checkBuild, checkPort } from '#src/supervisor/check-start.ts';
import { type Supervisor, supervise } from '#src/supervisor/supervise.ts';
import { loadIncident } from '../incidents/index.ts';
import { type DemoAccess, openDemoAccess } from './demo-access.ts';
import { demoEnvironment } from './demo-environment.ts';
import { fireAlert } from './fire-alert.ts';
import { type ClusterProcess, startClusterProcess } from './start-cluster-process.ts';
import { FIRST_INCIDENT } from './tunables.ts';
import { waitForHealth } from './wait-until-ready.ts';
import { readAlert, writeConfig, writeSamples } from './write-config.ts';

export type Demo = {
  url: string;
  sessionId: string;
  /** One-time sign-in that leads to the session. */
  link: string;
  key: string;
  keyFile: string;
  dataDir: string;
  provider: string;
  incident: string;
};

/** What runs, filled while the demo starts, so that whatever is there can be stopped at any moment. */
export type Running = {
  supervisor?: Supervisor;
  cluster?: ClusterProcess;
  access?: DemoAccess;
};

/**
 * Starts everything: cluster with its first incident, database, web and worker; then fires the incident's alert through
 * the real webhook. `tell` hears of each finished step; `running` is filled as things start.
 */
export async function runDemo(options: {
  variables: Record<string, string | undefined>;
  running: Running;
  signal: AbortSignal;
  tell: (text: string) => void;
}): Promise<Demo> {
  const { running, signal, tell } = options;
  const { env, paths } = demoEnvironment(options.variables);
  checkBuild(env);
  await checkPort(env);
  await rm(paths.logs, { recursive: true, force: true });
  await mkdir(paths.logs, { recursive: true });
  await writeConfig(env.configDir);
  const { config } = await loadConfig({ directory: env.configDir, env: env.variables });
  const incident = loadIncident(FIRST_INCIDENT);
  const log = pino(pino.destination({ dest: join(paths.logs, 'supervisor.log'), sync: true }));

  const startCluster = async () => {
    running.cluster = await startClusterProcess({
      kubeconfig: paths.kubeconfig,
      incidents: [incident.id],
      variables: env.variables,
      logFile: join(paths.logs, 'cluster.log'),
    });
    await writeSamples(env.configDir, running.cluster);
    tell(`simulated Kubernetes cluster is up: ${incident.title}`);
    return running.cluster;
  };
  const startTars = async () => {
    running.supervisor = await supervise({
      env,
      log,
      logDirectory: paths.logs,
      onDatabase: async (databaseUrl) => {
        tell('database is ready');
        running.access = await openDemoAccess({ ...env, databaseUrl });
      },
    });
    return waitForHealth(env.publicUrl, signal);
  };
  const [cluster] = await settle([startCluster(), startTars()]);
  const { access } = running;
  if (!access) throw new Error('the demo has no access to its database');
  tell('web and worker are up');
  const api = createApiClient({ url: env.publicUrl, key: access.key });
  const sessionId = await fireAlert(api, await readAlert(cluster, incident.id));
  tell('the alert was fired');
  const provider = config.defaults.llmProvider;
  return {
    url: env.publicUrl,
    sessionId,
    link: await access.linkTo(`/sessions/${sessionId}`),
    key: access.key,
    keyFile: access.keyFile,
    dataDir: env.dataDir,
    provider: `${provider} (${config.llmProviders[provider]?.model ?? 'unknown model'})`,
    incident: incident.title,
  };
}

/** Waits for all, also when one failed: what the others started must be known before it can be stopped. */
async function settle<A, B>(work: [Promise<A>, Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/** Stops whatever runs, the cluster last: an MCP server may be talking to it. */
export async function stopDemo(running: Running): Promise<void> {
  await running.access?.close().catch(() => undefined);
  await running.supervisor?.stop();
  await running.cluster?.stop();
}
