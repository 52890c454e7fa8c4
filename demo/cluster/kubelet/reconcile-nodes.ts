import type { Change, ClusterView } from '../change.ts';
import { fromTimestamp, toTimestamp } from '../clock.ts';
import { setCondition } from '../conditions.ts';
import { KUBELET_STOPPED } from '../controllers/node-lifecycle.ts';
import type { Node } from '../kinds/schema.ts';
import { NODE_HEARTBEAT_MS } from '../tunables.ts';
import { relieveMemory } from './relieve-memory.ts';
import { syncPod } from './sync-pod.ts';

/** One kubelet per node: syncs its pods, watches its memory, reports its status. A stopped kubelet does nothing. */
export function reconcileKubelets(view: ClusterView): Change[] {
  return view.list('nodes').flatMap((node) => {
    if (node.metadata.annotations?.[KUBELET_STOPPED] === 'true') return [];
    const pods = view.list('pods').filter((pod) => pod.spec.nodeName === node.metadata.name);
    const taken = new Set(pods.map((pod) => pod.status.podIP).filter((ip) => ip !== undefined));
    const relief = relieveMemory(view, node, pods);
    const evicted = new Set(relief.evicted);
    const changes = pods.flatMap((pod) =>
      evicted.has(pod.metadata.uid) ? [] : syncPod(view, node, pod, taken),
    );
    return [...changes, ...relief.changes, ...reportStatus(view, relief.node, node)];
  });
}

function reportStatus(view: ClusterView, node: Node, stored: Node): Change[] {
  const heartbeatMs = fromTimestamp(
    node.status.conditions.find((entry) => entry.type === 'Ready')?.lastHeartbeatTime,
  );
  const due = heartbeatMs === undefined || view.nowMs - heartbeatMs >= NODE_HEARTBEAT_MS;
  let { conditions } = node.status;
  const report = (type: string, status: string, reason: string, message: string) => {
    conditions = setCondition(conditions, { type, status, reason, message }, view.nowMs);
  };
  report('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure');
  report('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available');
  report('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status');
  const changed = JSON.stringify(conditions) !== JSON.stringify(stored.status.conditions);
  if (!changed && !due) return [];
  const lastHeartbeatTime = toTimestamp(view.nowMs);
  return [
    {
      op: 'update',
      resource: 'nodes',
      object: {
        ...node,
        status: { ...node.status, conditions: conditions.map((entry) => ({ ...entry, lastHeartbeatTime })) },
      },
    },
  ];
}
