import type { ClusterView } from '../change.ts';
import { fromTimestamp } from '../clock.ts';
import type { Pod } from '../kinds/schema.ts';
import { containerUsage, nodeUsage, type Usage } from '../pods.ts';
import { formatKi, formatNanocores, parseQuantity } from '../quantity.ts';
import { StoreError } from '../store.ts';
import { type Exchange, sendJson } from './exchange.ts';
import { selectionOf } from './read.ts';

const API_VERSION = 'metrics.k8s.io/v1beta1';
const WINDOW = '15s';
/** The metrics server scrapes every 15 s: figures and timestamp stand still in between. */
const SCRAPE_MS = 15_000;

function usageText(usage: Usage): Record<string, string> {
  return { cpu: formatNanocores(usage.cpuCores), memory: formatKi(usage.memoryBytes) };
}

function podMetrics(view: ClusterView, pod: Pod): Record<string, unknown> | undefined {
  const containers = pod.spec.containers.flatMap((container) => {
    const usage = containerUsage(view, pod, container);
    return usage ? [{ name: container.name, usage: usageText(usage) }] : [];
  });
  if (containers.length === 0) return undefined;
  const { name, namespace, labels } = pod.metadata;
  return {
    kind: 'PodMetrics',
    apiVersion: API_VERSION,
    metadata: { name, namespace, labels, creationTimestamp: new Date(view.nowMs).toISOString() },
    timestamp: scrapeTime(view),
    window: WINDOW,
    containers,
  };
}

function scrapeTime(view: ClusterView): string {
  return new Date(Math.floor(view.nowMs / SCRAPE_MS) * SCRAPE_MS).toISOString();
}

/** `metrics.k8s.io/v1beta1` pods and nodes, one or all. */
export function sendMetrics(
  exchange: Exchange,
  kind: string,
  namespace: string | undefined,
  name: string | undefined,
): boolean {
  const view = exchange.simulation.view();
  if (kind === 'pods') {
    const selected = selectionOf(exchange);
    const pods = view.list('pods', namespace).filter(selected);
    const items = pods
      .filter((pod) => !name || pod.metadata.name === name)
      .flatMap((pod) => podMetrics(view, pod) ?? []);
    if (name && items.length === 0) throw new StoreError('NotFound', 'pods', name);
    sendJson(exchange.response, 200, name ? items[0] : list('PodMetricsList', items));
    return true;
  }
  if (kind !== 'nodes') return false;
  const nodes = view.list('nodes').filter(selectionOf(exchange));
  const items = nodes
    .filter((node) => !name || node.metadata.name === name)
    .map((node) => ({
      kind: 'NodeMetrics',
      apiVersion: API_VERSION,
      metadata: {
        name: node.metadata.name,
        labels: node.metadata.labels,
        creationTimestamp: new Date(view.nowMs).toISOString(),
      },
      timestamp: scrapeTime(view),
      window: WINDOW,
      usage: usageText(nodeUsage(view, node)),
    }));
  if (name && items.length === 0) throw new StoreError('NotFound', 'nodes', name);
  sendJson(exchange.response, 200, name ? items[0] : list('NodeMetricsList', items));
  return true;
}

function list(kind: string, items: unknown[]): Record<string, unknown> {
  return { kind, apiVersion: API_VERSION, metadata: {}, items };
}

/** `GET /api/v1/nodes/<name>/proxy/stats/summary`: the kubelet's summary of its node and pods. */
export function sendStatsSummary(exchange: Exchange, nodeName: string): void {
  const view = exchange.simulation.view();
  const node = view.get('nodes', undefined, nodeName);
  if (!node) throw new StoreError('NotFound', 'nodes', nodeName);
  const time = scrapeTime(view);
  const usage = nodeUsage(view, node);
  const memory = (used: number, total?: number) => ({
    time,
    ...(total === undefined ? {} : { availableBytes: Math.max(0, Math.round(total - used)) }),
    usageBytes: Math.round(used),
    workingSetBytes: Math.round(used),
  });
  const cpu = (cores: number) => ({ time, usageNanoCores: Math.round(cores * 1e9) });
  const pods = view
    .list('pods')
    .filter((pod) => pod.spec.nodeName === nodeName)
    .map((pod) => ({
      podRef: { name: pod.metadata.name, namespace: pod.metadata.namespace, uid: pod.metadata.uid },
      startTime: pod.status.startTime,
      containers: pod.spec.containers.flatMap((container) => {
        const used = containerUsage(view, pod, container);
        const status = pod.status.containerStatuses.find((entry) => entry.name === container.name);
        const limit = parseQuantity(container.resources?.limits?.memory);
        if (!used) return [];
        return [
          {
            name: container.name,
            startTime: status?.state.running?.startedAt,
            cpu: cpu(used.cpuCores),
            memory: memory(used.memoryBytes, limit),
          },
        ];
      }),
    }));
  const bootedAtMs = fromTimestamp(node.metadata.creationTimestamp) ?? view.nowMs;
  sendJson(exchange.response, 200, {
    node: {
      nodeName,
      startTime: new Date(bootedAtMs).toISOString(),
      cpu: cpu(usage.cpuCores),
      memory: memory(usage.memoryBytes, usage.capacityBytes),
    },
    pods,
  });
}
