import { type Change, type ClusterView, eventAbout, referenceTo } from '../change.ts';
import { setCondition } from '../conditions.ts';
import type { Node, Pod } from '../kinds/schema.ts';
import { isTerminal, requestOf } from '../pods.ts';
import { parseQuantity } from '../quantity.ts';
import { noise } from '../random.ts';
import { SCHEDULE_RETRY_EVENT_MS } from '../tunables.ts';

const COMPONENT = 'default-scheduler';

interface Load {
  cpu: number;
  memory: number;
  pods: number;
}

/** Binds pending pods to nodes by selector, taints and requests, or says why none fits. */
export function schedulePods(view: ClusterView): Change[] {
  const pending = view
    .list('pods')
    .filter((pod) => !pod.spec.nodeName && !isTerminal(pod) && !pod.metadata.deletionTimestamp);
  if (pending.length === 0) return [];
  const nodes = view.list('nodes');
  const loads = new Map(nodes.map((node) => [node.metadata.name, loadOf(view, node)]));
  return pending.flatMap((pod) => scheduleOne(view, pod, nodes, loads));
}

function loadOf(view: ClusterView, node: Node): Load {
  const load: Load = { cpu: 0, memory: 0, pods: 0 };
  for (const pod of view.list('pods')) {
    if (pod.spec.nodeName === node.metadata.name && !isTerminal(pod)) addTo(load, pod);
  }
  return load;
}

function addTo(load: Load, pod: Pod): void {
  load.cpu += requestOf(pod.spec, 'cpu');
  load.memory += requestOf(pod.spec, 'memory');
  load.pods += 1;
}

function scheduleOne(view: ClusterView, pod: Pod, nodes: Node[], loads: Map<string, Load>): Change[] {
  const unbound = unboundClaim(view, pod);
  const reasons = new Map<string, number>();
  const fitting: Node[] = [];
  for (const node of nodes) {
    const reason =
      unbound ?? whyNot(pod, node, loads.get(node.metadata.name) ?? { cpu: 0, memory: 0, pods: 0 });
    if (reason === undefined) fitting.push(node);
    else reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const score = (node: Node) => scoreOf(view, pod, node, loads.get(node.metadata.name));
  const best = fitting.sort((a, b) => score(a) - score(b))[0];
  if (!best) return reportUnschedulable(view, pod, explain(nodes.length, reasons, unbound !== undefined));
  const load = loads.get(best.metadata.name);
  if (load) addTo(load, pod);
  const conditions = setCondition(
    pod.status.conditions,
    { type: 'PodScheduled', status: 'True' },
    view.nowMs,
  );
  const message = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${best.metadata.name}`;
  return [
    {
      op: 'update',
      resource: 'pods',
      object: {
        ...pod,
        spec: { ...pod.spec, nodeName: best.metadata.name },
        status: { ...pod.status, conditions },
      },
    },
    eventAbout(referenceTo(pod, 'v1', 'Pod'), 'Normal', 'Scheduled', message, COMPONENT),
    { op: 'runtime', key: `${pod.metadata.uid}/unschedulable`, record: undefined },
  ];
}

/** Lower is better: little requested, few pods of the same owner, then chance. */
function scoreOf(view: ClusterView, pod: Pod, node: Node, load: Load | undefined): number {
  const owner = pod.metadata.ownerReferences?.[0]?.uid;
  const siblings = view
    .list('pods', pod.metadata.namespace)
    .filter((other) => other.spec.nodeName === node.metadata.name && !isTerminal(other))
    .filter((other) => owner !== undefined && other.metadata.ownerReferences?.[0]?.uid === owner).length;
  const memory = (load?.memory ?? 0) / (parseQuantity(node.status.allocatable.memory) ?? 1);
  return siblings + memory + noise(`${view.seed}/${pod.metadata.name}/${node.metadata.name}`) * 0.05;
}

function unboundClaim(view: ClusterView, pod: Pod): string | undefined {
  for (const volume of pod.spec.volumes ?? []) {
    const name = volume.persistentVolumeClaim?.claimName;
    if (!name) continue;
    const claim = view.get('persistentvolumeclaims', pod.metadata.namespace, name);
    if (!claim) return `persistentvolumeclaim "${name}" not found`;
    if (claim.status.phase !== 'Bound') return 'pod has unbound immediate PersistentVolumeClaims';
  }
  return undefined;
}

/** Why a pod does not fit a node, in the scheduler's words; undefined when it fits. */
export function whyNot(pod: Pod, node: Node, load: Load): string | undefined {
  if (node.spec.unschedulable) return 'node(s) were unschedulable';
  const selector = Object.entries(pod.spec.nodeSelector ?? {});
  if (selector.some(([key, value]) => node.metadata.labels?.[key] !== value)) {
    return "node(s) didn't match Pod's node affinity/selector";
  }
  for (const taint of node.spec.taints ?? []) {
    if (taint.effect === 'PreferNoSchedule' || tolerates(pod, taint)) continue;
    return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  }
  const { allocatable } = node.status;
  if (load.pods + 1 > (parseQuantity(allocatable.pods) ?? 110)) return 'Too many pods';
  if (load.cpu + requestOf(pod.spec, 'cpu') > (parseQuantity(allocatable.cpu) ?? 0) + 1e-9)
    return 'Insufficient cpu';
  if (load.memory + requestOf(pod.spec, 'memory') > (parseQuantity(allocatable.memory) ?? 0))
    return 'Insufficient memory';
  return undefined;
}

function tolerates(pod: Pod, taint: { key: string; value?: string; effect: string }): boolean {
  return (pod.spec.tolerations ?? []).some((toleration) => {
    if (toleration.effect && toleration.effect !== taint.effect) return false;
    if (!toleration.key) return toleration.operator === 'Exists';
    if (toleration.key !== taint.key) return false;
    return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '');
  });
}

function explain(total: number, reasons: Map<string, number>, claimMissing: boolean): string {
  const counted = /^(Insufficient|Too many)/;
  const parts = [...reasons.entries()]
    .sort((a, b) => (a[0] < b[0] ? -1 : 1))
    .map(([reason, count]) => (claimMissing ? reason : `${count} ${reason}`));
  const short = [...reasons.keys()].some((reason) => counted.test(reason));
  const preemption = short
    ? 'No preemption victims found for incoming pod.'
    : 'Preemption is not helpful for scheduling.';
  return `0/${total} nodes are available: ${parts.join(', ')}. preemption: 0/${total} nodes are available: ${total} ${preemption}`;
}

function reportUnschedulable(view: ClusterView, pod: Pod, message: string): Change[] {
  const key = `${pod.metadata.uid}/unschedulable`;
  const record = view.runtime(key);
  const conditions = setCondition(
    pod.status.conditions,
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
    view.nowMs,
  );
  const changes: Change[] = [];
  if (JSON.stringify(conditions) !== JSON.stringify(pod.status.conditions)) {
    changes.push({
      op: 'update',
      resource: 'pods',
      object: { ...pod, status: { ...pod.status, conditions } },
    });
  } else if (record && view.nowMs < record.nextAtMs) {
    return [];
  }
  changes.push(eventAbout(referenceTo(pod, 'v1', 'Pod'), 'Warning', 'FailedScheduling', message, COMPONENT));
  changes.push({
    op: 'runtime',
    key,
    record: {
      phase: 'unschedulable',
      attempts: 1,
      nextAtMs: view.nowMs + SCHEDULE_RETRY_EVENT_MS,
      eventAtMs: view.nowMs,
    },
  });
  return changes;
}
