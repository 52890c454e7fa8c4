import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { ALERT_AGE_MS } from '#demo/cluster/index.ts';
import { type AlertmanagerPayload, loadIncident, renderAlert } from '#demo/incidents/index.ts';
import type { Scenario } from '../scenario/scenario-schema.ts';
import { CLUSTER_START_LIMIT_MS } from '../tunables.ts';
import type { ClusterReply, ClusterRequest } from './cluster-thread.ts';
import { makeScratch } from './scratch-directories.ts';

export type ScenarioCluster = AsyncDisposable & {
  /** Path of the file. */
  kubeconfig: string;
  /** The alert as Alertmanager would send it now. */
  payload: AlertmanagerPayload;
};

const replySchema: z.ZodType<ClusterReply> = z.union([
  z.object({ kubeconfig: z.string(), pod: z.string().nullable() }),
  z.object({ error: z.string() }),
]);

/**
 * The cluster of one attempt in the state that the scenario describes. Another seed gives other names and noise. It lives
 * in a thread of its own: ageing it is seconds of pure computation, which must not hold up the other attempts' database
 * transactions and leases.
 */
export async function startScenarioCluster(scenario: Scenario, seed: string): Promise<ScenarioCluster> {
  const { incidents, programs, changes } = scenario.cluster;
  const { about } = scenario.alert;
  const past = [
    ...incidents
      .map(loadIncident)
      .map(({ ageMs, programs: images, apply }) => ({ ageMs, programs: images, apply })),
    ...changes.map(({ age, apply }) => ({ ageMs: age, programs, apply })),
  ];
  const request: ClusterRequest = { seed, past, about };
  const thread = new Worker(new URL('./cluster-thread.ts', import.meta.url), { workerData: request });
  const directory = await makeScratch();
  const dispose = async () => {
    await thread.terminate();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const [message] = await once(thread, 'message', { signal: AbortSignal.timeout(CLUSTER_START_LIMIT_MS) });
    const reply = replySchema.parse(message);
    if ('error' in reply) throw new Error(reply.error);
    if (reply.pod === null) throw new Error(`no pod in ${about?.namespace} has the labels of alert.about`);
    const kubeconfig = join(directory, 'kubeconfig');
    await writeFile(kubeconfig, reply.kubeconfig, { mode: 0o600 });
    const facts = { pod: reply.pod, startsAtMs: Date.now() - ALERT_AGE_MS };
    return {
      kubeconfig,
      payload: renderAlert({ alerts: [scenario.alert] }, facts),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
