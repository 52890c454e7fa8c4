import { parentPort, workerData } from 'node:worker_threads';
import { type PastChange, startCluster } from '#demo/cluster/index.ts';
import { errorMessage } from '#src/server/errors.ts';

/** What the thread is told. */
export type ClusterRequest = {
  seed: string;
  past: PastChange[];
  about: { namespace: string; labels: Record<string, string> } | undefined;
};

/** What it answers, once: the cluster runs until the thread is terminated. */
export type ClusterReply = { kubeconfig: string; pod: string | null } | { error: string };

async function start({ seed, past, about }: ClusterRequest): Promise<ClusterReply> {
  try {
    const cluster = await startCluster({ seed, past });
    const pod = about ? (cluster.newestPod(about.namespace, about.labels) ?? null) : '';
    return { kubeconfig: cluster.kubeconfig, pod };
  } catch (error) {
    return { error: errorMessage(error) };
  }
}

parentPort?.postMessage(await start(workerData));
