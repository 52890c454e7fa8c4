import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALERT_AGE_MS, startCluster } from '#demo/cluster/index.ts';
import { type AlertmanagerPayload, loadIncident, renderAlert } from '#demo/incidents/index.ts';
import type { Scenario } from '../scenario/scenario-schema.ts';

export type ScenarioCluster = AsyncDisposable & {
  kubeconfig: string;
  /** The alert as Alertmanager would send it now. */
  payload: AlertmanagerPayload;
};

/** The cluster of one attempt in the state that the scenario describes. Another seed gives other names and noise. */
export async function startScenarioCluster(scenario: Scenario, seed: string): Promise<ScenarioCluster> {
  const { incidents, programs, changes } = scenario.cluster;
  const cluster = await startCluster({
    seed,
    past: [
      ...incidents.map(loadIncident),
      ...changes.map(({ age, apply }) => ({ ageMs: age, programs, apply })),
    ],
  });
  const { about } = scenario.alert;
  const pod = about ? cluster.newestPod(about.namespace, about.labels) : '';
  if (pod === undefined) {
    await cluster.close();
    throw new Error(`no pod in ${about?.namespace} has the labels of alert.about`);
  }
  const directory = await mkdtemp(join(tmpdir(), 'tars-eval-'));
  const kubeconfig = join(directory, 'kubeconfig');
  await cluster.writeKubeconfig(kubeconfig);
  const startsAtMs = Date.now() - ALERT_AGE_MS;
  return {
    kubeconfig,
    payload: renderAlert({ alerts: [scenario.alert] }, { pod, startsAtMs }),
    async [Symbol.asyncDispose]() {
      await cluster.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
