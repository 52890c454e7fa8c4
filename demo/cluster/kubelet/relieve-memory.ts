import { type Change, type ClusterView, eventAbout, referenceTo } from '../change.ts';
import { fromTimestamp, toTimestamp } from '../clock.ts';
import { isConditionTrue, setCondition } from '../conditions.ts';
import type { Node, Pod } from '../kinds/schema.ts';
import { containerUsage, isActive, nodeUsage, podUsage, requestOf } from '../pods.ts';
import { formatKi } from '../quantity.ts';
import { EVICTION_INTERVAL_MS, EVICTION_MEMORY_BYTES, PRESSURE_TRANSITION_MS } from '../tunables.ts';

export interface Relief {
  node: Node;
  changes: Change[];
  /** Uids of pods that ended here. */
  evicted: string[];
}

/**
 * The kubelet's eviction manager for memory: below the threshold it reports MemoryPressure and ends the pod that
 * exceeds its request the most (ranking of the node-pressure eviction documentation), one at a time.
 */
export function relieveMemory(view: ClusterView, node: Node, pods: Pod[]): Relief {
  const usage = nodeUsage(view, node);
  const available = usage.capacityBytes - usage.memoryBytes;
  const isLow = available < EVICTION_MEMORY_BYTES;
  const key = `node/${node.metadata.name}/pressure`;
  const record = view.runtime(key);
  const wasPressed = isConditionTrue(node.status.conditions, 'MemoryPressure');
  const changes: Change[] = [];
  const regarding = referenceTo(
    { ...node, metadata: { ...node.metadata, uid: node.metadata.name } },
    'v1',
    'Node',
  );
  const host = node.metadata.name;
  const announce = (type: 'Normal' | 'Warning', reason: string, message: string) =>
    changes.push(eventAbout(regarding, type, reason, message, 'kubelet', host));
  if (!isLow) {
    const endsAtMs = (record?.eventAtMs ?? 0) + PRESSURE_TRANSITION_MS;
    const pressed = wasPressed && view.nowMs < endsAtMs;
    if (wasPressed && !pressed) {
      announce('Normal', 'NodeHasSufficientMemory', `Node ${host} status is now: NodeHasSufficientMemory`);
    }
    return { node: withPressure(node, pressed, view.nowMs), changes, evicted: [] };
  }
  if (!wasPressed) {
    announce('Normal', 'NodeHasInsufficientMemory', `Node ${host} status is now: NodeHasInsufficientMemory`);
  }
  const due = !record || view.nowMs >= record.nextAtMs;
  const victim = due ? chooseVictim(view, pods) : undefined;
  if (victim) {
    announce('Warning', 'EvictionThresholdMet', 'Attempting to reclaim memory');
    changes.push(...evict(view, victim, available, host));
  }
  const nextAtMs = victim ? view.nowMs + EVICTION_INTERVAL_MS : (record?.nextAtMs ?? view.nowMs);
  changes.push({
    op: 'runtime',
    key,
    record: {
      phase: 'pressure',
      attempts: (record?.attempts ?? 0) + (victim ? 1 : 0),
      nextAtMs,
      eventAtMs: view.nowMs,
    },
  });
  return {
    node: withPressure(node, true, view.nowMs),
    changes,
    evicted: victim ? [victim.metadata.uid] : [],
  };
}

function withPressure(node: Node, pressed: boolean, nowMs: number): Node {
  const condition = pressed
    ? {
        type: 'MemoryPressure',
        status: 'True',
        reason: 'KubeletHasInsufficientMemory',
        message: 'kubelet has insufficient memory available',
      }
    : {
        type: 'MemoryPressure',
        status: 'False',
        reason: 'KubeletHasSufficientMemory',
        message: 'kubelet has sufficient memory available',
      };
  return {
    ...node,
    status: { ...node.status, conditions: setCondition(node.status.conditions, condition, nowMs) },
  };
}

const SYSTEM_CRITICAL_PRIORITY = 2_000_000_000;

function chooseVictim(view: ClusterView, pods: Pod[]): Pod | undefined {
  const ranked = pods
    .filter((pod) => isActive(pod) && (pod.spec.priority ?? 0) < SYSTEM_CRITICAL_PRIORITY)
    .map((pod) => ({ pod, excess: podUsage(view, pod).memoryBytes - requestOf(pod.spec, 'memory') }))
    .sort(
      (a, b) =>
        Number(b.excess > 0) - Number(a.excess > 0) ||
        (a.pod.spec.priority ?? 0) - (b.pod.spec.priority ?? 0) ||
        b.excess - a.excess,
    );
  return ranked[0]?.pod;
}

function evict(view: ClusterView, pod: Pod, available: number, host: string): Change[] {
  const details = pod.spec.containers.map((container) => {
    const used = containerUsage(view, pod, container)?.memoryBytes ?? 0;
    const request = container.resources?.requests?.memory ?? '0';
    return `Container ${container.name} was using ${formatKi(used)}, request is ${request}, has larger consumption of memory. `;
  });
  const message = `The node was low on resource: memory. Threshold quantity: 100Mi, available: ${formatKi(available)}. ${details.join('')}`;
  const now = toTimestamp(view.nowMs);
  const containerStatuses = pod.status.containerStatuses.map((status) => ({
    ...status,
    ready: false,
    started: false,
    state: {
      terminated: {
        exitCode: 137,
        reason: 'Error',
        startedAt: status.state.running?.startedAt ?? now,
        finishedAt: now,
        containerID: status.containerID,
      },
    },
  }));
  let conditions = setCondition(
    pod.status.conditions,
    { type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message },
    view.nowMs,
  );
  for (const type of ['Ready', 'ContainersReady']) {
    conditions = setCondition(conditions, { type, status: 'False', reason: 'PodFailed' }, view.nowMs);
  }
  const regarding = referenceTo(pod, 'v1', 'Pod');
  const status: Pod['status'] = {
    ...pod.status,
    phase: 'Failed',
    reason: 'Evicted',
    message,
    startTime:
      pod.status.startTime ?? toTimestamp(fromTimestamp(pod.metadata.creationTimestamp) ?? view.nowMs),
    conditions,
    containerStatuses,
  };
  return [
    { op: 'update', resource: 'pods', object: { ...pod, status } },
    eventAbout(regarding, 'Warning', 'Evicted', message, 'kubelet', host),
    ...pod.spec.containers.map((container) =>
      eventAbout(
        { ...regarding, fieldPath: `spec.containers{${container.name}}` },
        'Normal',
        'Killing',
        `Stopping container ${container.name}`,
        'kubelet',
        host,
      ),
    ),
  ];
}
