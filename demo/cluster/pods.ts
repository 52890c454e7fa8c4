import type { ClusterView } from './change.ts';
import { fromTimestamp } from './clock.ts';
import { isConditionTrue } from './conditions.ts';
import type { Container, Node, Pod, PodSpec } from './kinds/schema.ts';
import { type ContainerRun, cpuCoresAt, memoryBytesAt } from './programs/program.ts';
import { parseQuantity } from './quantity.ts';

/** Facts about pods that several controllers and the edge need. */

export function isTerminal(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
}

/** Alive for a workload controller: neither ended nor being deleted. */
export function isActive(pod: Pod): boolean {
  return !isTerminal(pod) && !pod.metadata.deletionTimestamp;
}

export function isReady(pod: Pod): boolean {
  return isConditionTrue(pod.status.conditions, 'Ready');
}

type Amount = 'cpu' | 'memory';

/** Sum of the containers' requests (cores or bytes); a limit stands in for a missing request. */
export function requestOf(spec: PodSpec, amount: Amount): number {
  let sum = 0;
  for (const { resources } of spec.containers) {
    sum += parseQuantity(resources?.requests?.[amount] ?? resources?.limits?.[amount]) ?? 0;
  }
  return sum;
}

export function limitOf(container: Container, amount: Amount): number | undefined {
  return parseQuantity(container.resources?.limits?.[amount]);
}

/** Quality of service class after the rules of the Kubernetes documentation. */
export function qosClassOf(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  let any = false;
  let guaranteed = true;
  for (const container of spec.containers) {
    for (const amount of ['cpu', 'memory'] as const) {
      const limit = limitOf(container, amount);
      const request = parseQuantity(container.resources?.requests?.[amount]) ?? limit;
      if (request !== undefined || limit !== undefined) any = true;
      if (limit === undefined || request !== limit) guaranteed = false;
    }
  }
  if (!any) return 'BestEffort';
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

/** Where the kubelet keeps what a run of a container was started with. */
export function runKey(pod: Pod, container: string, restartCount: number): string {
  return `${pod.metadata.uid}/${container}/run/${restartCount}`;
}

/** The run with number `restartCount` of a container, for its log, memory and exit. */
export function containerRun(
  view: ClusterView,
  pod: Pod,
  container: Container,
  restartCount: number,
  startedAtMs: number,
): ContainerRun | undefined {
  const program = view.programs.find(container.image);
  if (!program) return undefined;
  const record = view.runtime(runKey(pod, container.name, restartCount));
  return {
    program,
    key: `${view.seed}/${pod.metadata.uid}/${container.name}/${restartCount}`,
    pod: pod.metadata.name,
    startedAtMs,
    env: record?.env ?? {},
    files: record?.files ?? [],
  };
}

export interface Usage {
  cpuCores: number;
  memoryBytes: number;
}

/** What a running container uses now; undefined when it is not running. */
export function containerUsage(view: ClusterView, pod: Pod, container: Container): Usage | undefined {
  const status = pod.status.containerStatuses.find((entry) => entry.name === container.name);
  const startedAtMs = fromTimestamp(status?.state.running?.startedAt);
  if (!status || startedAtMs === undefined) return undefined;
  const run = containerRun(view, pod, container, status.restartCount, startedAtMs);
  if (!run) return undefined;
  const limit = limitOf(container, 'memory') ?? Number.POSITIVE_INFINITY;
  return {
    cpuCores: cpuCoresAt(run, view.nowMs),
    memoryBytes: Math.min(limit, memoryBytesAt(run, view.nowMs)),
  };
}

export function podUsage(view: ClusterView, pod: Pod): Usage {
  const total: Usage = { cpuCores: 0, memoryBytes: 0 };
  for (const container of pod.spec.containers) {
    const usage = containerUsage(view, pod, container);
    total.cpuCores += usage?.cpuCores ?? 0;
    total.memoryBytes += usage?.memoryBytes ?? 0;
  }
  return total;
}

/** System daemons' share of a node: containerd, kubelet, kernel. */
const SYSTEM_MEMORY_FRACTION = 0.09;
const SYSTEM_CPU_CORES = 0.11;

/** What a node uses: its pods and its system daemons. */
export function nodeUsage(view: ClusterView, node: Node): Usage & { capacityBytes: number } {
  const capacityBytes = parseQuantity(node.status.capacity.memory) ?? 0;
  const total = {
    cpuCores: SYSTEM_CPU_CORES,
    memoryBytes: capacityBytes * SYSTEM_MEMORY_FRACTION,
    capacityBytes,
  };
  for (const pod of view.list('pods')) {
    if (pod.spec.nodeName !== node.metadata.name) continue;
    const usage = podUsage(view, pod);
    total.cpuCores += usage.cpuCores;
    total.memoryBytes += usage.memoryBytes;
  }
  return total;
}
