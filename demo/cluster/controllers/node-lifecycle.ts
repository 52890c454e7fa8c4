import { type Change, type ClusterView, eventAbout, referenceTo } from '../change.ts';
import { fromTimestamp, toTimestamp } from '../clock.ts';
import { isConditionTrue, setCondition } from '../conditions.ts';
import type { Condition, Node } from '../kinds/schema.ts';
import { isActive, isReady } from '../pods.ts';

/** Annotation on a node whose kubelet is to be silent, e.g. for a broken node. */
export const KUBELET_STOPPED = 'simulation/kubelet-stopped';
const COMPONENT = 'node-controller';
const POD_EVICTION_MS = 300_000;

/** Marks silent nodes unknown, and keeps taints in step with conditions. */
export function reconcileNodes(view: ClusterView): Change[] {
  return view.list('nodes').flatMap((node) => {
    const stopped = node.metadata.annotations?.[KUBELET_STOPPED] === 'true';
    const conditions = stopped ? markUnknown(view, node) : node.status.conditions;
    const taints = taintsFor(conditions, node, view.nowMs);
    const changes: Change[] = stopped ? strandPods(view, node, conditions) : [];
    const next: Node = {
      ...node,
      spec: withTaints(node.spec, taints),
      status: { ...node.status, conditions },
    };
    if (JSON.stringify(next) !== JSON.stringify(node))
      changes.push({ op: 'update', resource: 'nodes', object: next });
    return changes;
  });
}

function withTaints(spec: Node['spec'], taints: NonNullable<Node['spec']['taints']>): Node['spec'] {
  const { taints: _taints, ...rest } = spec;
  return taints.length > 0 ? { ...rest, taints } : rest;
}

function markUnknown(view: ClusterView, node: Node): Condition[] {
  let { conditions } = node.status;
  for (const type of ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready']) {
    const message = 'Kubelet stopped posting node status.';
    conditions = setCondition(
      conditions,
      { type, status: 'Unknown', reason: 'NodeStatusUnknown', message },
      view.nowMs,
    );
  }
  return conditions;
}

const CONDITION_TAINTS = [
  { type: 'MemoryPressure', status: 'True', key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' },
  { type: 'DiskPressure', status: 'True', key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' },
  { type: 'PIDPressure', status: 'True', key: 'node.kubernetes.io/pid-pressure', effect: 'NoSchedule' },
  { type: 'Ready', status: 'False', key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' },
  { type: 'Ready', status: 'Unknown', key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' },
  { type: 'Ready', status: 'Unknown', key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
];

/** The node's taints with those of its conditions added and removed. */
function taintsFor(conditions: Condition[], node: Node, nowMs: number): NonNullable<Node['spec']['taints']> {
  const managed = new Set(CONDITION_TAINTS.map((entry) => entry.key));
  const current = node.spec.taints ?? [];
  const kept = current.filter((taint) => !managed.has(taint.key));
  const wanted = CONDITION_TAINTS.filter((entry) =>
    conditions.some((condition) => condition.type === entry.type && condition.status === entry.status),
  );
  const added = wanted.map(
    ({ key, effect }) =>
      current.find((taint) => taint.key === key && taint.effect === effect) ?? {
        key,
        effect,
        timeAdded: toTimestamp(nowMs),
      },
  );
  return [...kept, ...added];
}

/** Pods of a silent node are not ready, and after five minutes they are given up. */
function strandPods(view: ClusterView, node: Node, conditions: Condition[]): Change[] {
  const since =
    fromTimestamp(conditions.find((condition) => condition.type === 'Ready')?.lastTransitionTime) ??
    view.nowMs;
  const changes: Change[] = [];
  if (isConditionTrue(node.status.conditions, 'Ready')) {
    const message = `Node ${node.metadata.name} status is now: NodeNotReady`;
    changes.push(eventAbout(referenceTo(node, 'v1', 'Node'), 'Normal', 'NodeNotReady', message, COMPONENT));
  }
  for (const pod of view.list('pods')) {
    if (pod.spec.nodeName !== node.metadata.name || !isActive(pod)) continue;
    const byDaemonSet = pod.metadata.ownerReferences?.[0]?.kind === 'DaemonSet';
    if (view.nowMs - since > POD_EVICTION_MS && !byDaemonSet) {
      const { namespace, name } = pod.metadata;
      const message = `Marking for deletion Pod ${namespace}/${name}`;
      changes.push(
        eventAbout(
          referenceTo(pod, 'v1', 'Pod'),
          'Normal',
          'TaintManagerEviction',
          message,
          'taint-eviction-controller',
        ),
      );
      changes.push({ op: 'delete', resource: 'pods', namespace, name });
    } else if (isReady(pod)) {
      const next = setCondition(pod.status.conditions, { type: 'Ready', status: 'False' }, view.nowMs);
      changes.push({
        op: 'update',
        resource: 'pods',
        object: { ...pod, status: { ...pod.status, conditions: next } },
      });
      changes.push(
        eventAbout(referenceTo(pod, 'v1', 'Pod'), 'Warning', 'NodeNotReady', 'Node is not ready', COMPONENT),
      );
    }
  }
  return changes;
}
