import { type Change, type ClusterView, eventAbout, referenceTo } from '../change.ts';
import { fromTimestamp, toTimestamp } from '../clock.ts';
import { setCondition } from '../conditions.ts';
import type { Condition, ContainerStatus, Node, Pod } from '../kinds/schema.ts';
import { isTerminal } from '../pods.ts';
import { noise } from '../random.ts';
import { MOUNT_RETRY_MS, TERMINATION_MS } from '../tunables.ts';
import { mountFailure } from './resolve-environment.ts';
import { syncContainer } from './sync-container.ts';

/** Brings one pod of a node a step further: mounts, containers, status, removal. */
export function syncPod(view: ClusterView, node: Node, pod: Pod, takenIps: Set<string>): Change[] {
  if (pod.metadata.deletionTimestamp) return finishDeletion(view, node, pod);
  if (isTerminal(pod)) return [];
  const failure = mountFailure(view, pod);
  const started = failure === undefined ? ensureStarted(view, node, pod, takenIps) : pod;
  const statuses: ContainerStatus[] = [];
  const changes: Change[] = [];
  if (failure !== undefined) {
    statuses.push(
      ...pod.spec.containers.map(
        (container) =>
          pod.status.containerStatuses.find((entry) => entry.name === container.name) ??
          waitingStatus(container),
      ),
    );
    changes.push(...reportMountFailure(view, node, pod, failure));
  } else {
    for (const container of started.spec.containers) {
      const status = started.status.containerStatuses.find((entry) => entry.name === container.name);
      const step = syncContainer({
        view,
        node,
        pod: started,
        container,
        status: status ?? waitingStatus(container),
      });
      statuses.push(step.status);
      changes.push(...step.changes);
    }
  }
  const next = withStatus(view, node, started, statuses);
  // Nothing but the status is the kubelet's; comparing whole pods would be most of a tick's work.
  if (JSON.stringify(next.status) !== JSON.stringify(pod.status))
    changes.unshift({ op: 'update', resource: 'pods', object: next });
  return changes;
}

function waitingStatus(container: { name: string; image: string }): ContainerStatus {
  return {
    name: container.name,
    image: container.image,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason: 'ContainerCreating' } },
    lastState: {},
  };
}

function finishDeletion(view: ClusterView, node: Node, pod: Pod): Change[] {
  const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
  const askedAtMs = (fromTimestamp(pod.metadata.deletionTimestamp) ?? view.nowMs) - graceMs;
  if (view.nowMs >= askedAtMs + Math.min(graceMs, TERMINATION_MS)) {
    const { namespace, name } = pod.metadata;
    return [{ op: 'delete', resource: 'pods', namespace, name, graceMs: 0 }];
  }
  const key = `${pod.metadata.uid}/killing`;
  if (view.runtime(key)) return [];
  const running = pod.status.containerStatuses.filter((status) => status.state.running);
  return [
    { op: 'runtime', key, record: { phase: 'running', attempts: 0, nextAtMs: 0, eventAtMs: view.nowMs } },
    ...running.map((status) =>
      eventAbout(
        referenceTo(pod, 'v1', 'Pod', `spec.containers{${status.name}}`),
        'Normal',
        'Killing',
        `Stopping container ${status.name}`,
        'kubelet',
        node.metadata.name,
      ),
    ),
  ];
}

function reportMountFailure(view: ClusterView, node: Node, pod: Pod, message: string): Change[] {
  const key = `${pod.metadata.uid}/mount`;
  const record = view.runtime(key);
  if (record && view.nowMs < record.nextAtMs) return [];
  const attempts = (record?.attempts ?? 0) + 1;
  return [
    eventAbout(
      referenceTo(pod, 'v1', 'Pod'),
      'Warning',
      'FailedMount',
      message,
      'kubelet',
      node.metadata.name,
    ),
    {
      op: 'runtime',
      key,
      record: {
        phase: 'mount-error',
        attempts,
        nextAtMs: view.nowMs + Math.min(MOUNT_RETRY_MS, 1_000 * 2 ** attempts),
        eventAtMs: view.nowMs,
      },
    },
  ];
}

/** First contact of the kubelet with a pod: its start time and address. */
function ensureStarted(view: ClusterView, node: Node, pod: Pod, takenIps: Set<string>): Pod {
  if (pod.status.podIP) return pod;
  const hostIP = node.status.addresses.find((entry) => entry.type === 'InternalIP')?.address ?? '';
  const podIP = pod.spec.hostNetwork === true ? hostIP : freeAddress(view, node, pod, takenIps);
  takenIps.add(podIP);
  return {
    ...pod,
    status: { ...pod.status, hostIP, hostIPs: [{ ip: hostIP }], podIP, podIPs: [{ ip: podIP }] },
  };
}

const SUBNET_SIZE = 250;

function freeAddress(view: ClusterView, node: Node, pod: Pod, takenIps: Set<string>): string {
  const prefix = String(node.spec.podCIDR ?? '10.244.0.0/24')
    .split('.')
    .slice(0, 3)
    .join('.');
  const first = Math.floor(noise(`${view.seed}/${pod.metadata.uid}/ip`) * SUBNET_SIZE);
  for (let offset = 0; offset < SUBNET_SIZE; offset++) {
    const candidate = `${prefix}.${2 + ((first + offset) % SUBNET_SIZE)}`;
    if (!takenIps.has(candidate)) return candidate;
  }
  return `${prefix}.254`;
}

function withStatus(view: ClusterView, node: Node, pod: Pod, containerStatuses: ContainerStatus[]): Pod {
  const phase = phaseOf(pod, containerStatuses);
  const notReady = containerStatuses.filter((status) => !status.ready).map((status) => status.name);
  const ended = phase === 'Succeeded';
  const readiness: Pick<Condition, 'status' | 'reason' | 'message'> =
    notReady.length === 0
      ? { status: 'True' }
      : ended
        ? { status: 'False', reason: 'PodCompleted' }
        : {
            status: 'False',
            reason: 'ContainersNotReady',
            message: `containers with unready status: [${notReady.join(' ')}]`,
          };
  let conditions = pod.status.conditions;
  const set = (condition: Parameters<typeof setCondition>[1]) => {
    conditions = setCondition(conditions, condition, view.nowMs);
  };
  set({ type: 'PodReadyToStartContainers', status: pod.status.podIP && !ended ? 'True' : 'False' });
  set({ type: 'Initialized', status: 'True' });
  set({ type: 'Ready', ...readiness });
  set({ type: 'ContainersReady', ...readiness });
  set({ type: 'PodScheduled', status: 'True' });
  return {
    ...pod,
    status: {
      ...pod.status,
      phase,
      hostIP:
        pod.status.hostIP ??
        node.status.addresses.find((entry) => entry.type === 'InternalIP')?.address ??
        '',
      startTime: pod.status.startTime ?? toTimestamp(view.nowMs),
      conditions,
      containerStatuses,
    },
  };
}

function phaseOf(pod: Pod, statuses: ContainerStatus[]): string {
  const policy = pod.spec.restartPolicy ?? 'Always';
  const terminated = statuses.map((status) => status.state.terminated);
  if (policy !== 'Always' && terminated.every((state) => state !== undefined)) {
    const isFailure = terminated.some((state) => state?.exitCode !== 0);
    if (!isFailure) return 'Succeeded';
    if (policy === 'Never') return 'Failed';
  }
  const began = statuses.every(
    (status) => status.state.running || status.state.terminated || status.lastState.terminated,
  );
  return began ? 'Running' : 'Pending';
}
