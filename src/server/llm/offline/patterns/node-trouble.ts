import type { ContainerFact, EventFact, Facts, NodeFact, PodFact } from '../facts.ts';
import { isUnhealthy } from '../focus.ts';
import { workloadOfPodName } from '../names.ts';
import { formatBytes, parseMemoryBytes } from '../quantities.ts';
import {
  distinctEvidence,
  type Evidence,
  evidence,
  type Finding,
  type ObjectRef,
  type PatternInput,
} from './finding.ts';
import { eventEvidence, eventsOf, podRef, show, workloadRef } from './observe.ts';

const PRESSURES = { MemoryPressure: 'memory', DiskPressure: 'disk', PIDPressure: 'process ids' } as const;
type Pressure = keyof typeof PRESSURES;

/** Use that counts as beyond the request: a tenth more is normal. */
const BEYOND_REQUEST = 1.1;

/** A node that runs out of memory, disk or process ids and evicts pods, or that is not ready. */
export function findNodeTrouble({ facts }: PatternInput): Finding[] {
  const names = new Set([
    ...facts.nodes.map((node) => node.name),
    ...facts.pods
      .filter((pod) => pod.status === 'Evicted' || pod.reason === 'Evicted')
      .map((pod) => pod.node),
  ]);
  names.delete('');
  return [...names].flatMap((name) => {
    const node = facts.nodes.find((item) => item.name === name);
    const finding = pressure(facts, name, node) ?? (node ? notReady(facts, node) : null);
    return finding ? [finding] : [];
  });
}

function pressure(facts: Facts, name: string, node: NodeFact | undefined): Finding | null {
  const kind = pressureOf(facts, name, node);
  if (kind === null) return null;
  const what = PRESSURES[kind];
  const evictions = evictionsOn(facts, name);
  const evicted = facts.pods.filter(
    (pod) => pod.node === name && (pod.status === 'Evicted' || pod.reason === 'Evicted'),
  );
  const nodeEvents = eventsOf(facts, 'Node', '', name).filter((event) =>
    /Insufficient|Pressure|EvictionThreshold|OOM|FreeDiskSpace/i.test(`${event.reason} ${event.message}`),
  );
  const condition = node?.conditions.find((item) => item.type === kind);
  const active = condition?.status === 'True';
  const hog = kind === 'MemoryPressure' ? largestUser(facts, name) : null;
  const metric = facts.nodeMetrics.find((item) => item.name === name);
  const named = [...new Set([...evicted.map((pod) => pod.name), ...evictions.map((event) => event.name)])];
  return {
    pattern: 'node-pressure',
    cause: `Node ${name} ${active ? 'is' : 'was'} under ${what} pressure${named.length > 0 ? ' and evicts pods' : ''}${hog ? `; the largest user is pod ${hog.name} (${hog.text})` : ''}.`,
    explanation:
      `The kubelet of ${name} reports ${kind}${condition?.message ? ` ("${condition.message}")` : ''}${named.length > 0 ? ` and ended ${named.length} pod(s) to save the node: ${named.slice(0, 5).join(', ')}` : ''}. ` +
      (hog
        ? `${hog.name} of ${show(hog.workload)} is far above its request (${hog.text}): the scheduler counts requests, so it overcommits the node. `
        : '') +
      'The kubelet evicts first what exceeds its request most or has low priority; a controller creates such pods anew, and where they come back to the same state the pressure returns.',
    subject: { kind: 'Node', namespace: '', name },
    affects: [
      ...facts.pods
        .filter((pod) => named.includes(pod.name))
        .flatMap((pod) => [podRef(pod), workloadRef(pod)]),
      ...evictions.map((event) => ({ kind: 'Pod', namespace: event.namespace, name: event.name })),
    ],
    confidence: active || nodeEvents.length > 0 ? 'high' : 'medium',
    because:
      active || nodeEvents.length > 0
        ? 'the node itself reports the pressure'
        : 'the eviction messages name it; the node does not report it any more',
    evidence: distinctEvidence([
      ...(condition && active
        ? [
            evidence(
              node?.ref ?? '',
              `${kind}: ${condition.status}, ${condition.reason}: ${condition.message}`,
              `condition of node ${name}`,
            ),
          ]
        : []),
      ...evictions.slice(0, 2).map(eventEvidence),
      ...(evictions.length > 0 ? [] : evicted)
        .slice(0, 2)
        .map((pod) => evidence(pod.ref, pod.message || pod.quote, `evicted pod ${pod.name}`)),
      ...nodeEvents.slice(0, 2).map(eventEvidence),
      ...(hog?.evidence ?? []),
      ...(metric ? [evidence(metric.ref, metric.quote, 'use of the node now')] : []),
    ]),
    remediation: remedies(name, kind, hog),
    prevention: [
      kind === 'MemoryPressure'
        ? 'Give every container a memory request near its real use and a limit, and enforce both with a LimitRange.'
        : 'Bound logs, emptyDir volumes and images on the nodes.',
      'Reserve resources for the system (kube-reserved, system-reserved) and alert before the eviction threshold is reached.',
    ],
    ruledOut: ['A crash of the evicted pods: the kubelet ended them (Evicted), not an error of their own.'],
    depth: 4,
  };
}

function pressureOf(facts: Facts, name: string, node: NodeFact | undefined): Pressure | null {
  const kinds = Object.keys(PRESSURES).filter((key): key is Pressure => key in PRESSURES);
  const reported = kinds.find((kind) =>
    node?.conditions.some((item) => item.type === kind && item.status === 'True'),
  );
  if (reported) return reported;
  const taint = node?.taints.find((item) => item.key.endsWith('-pressure'));
  if (taint)
    return taint.key.includes('memory')
      ? 'MemoryPressure'
      : taint.key.includes('disk')
        ? 'DiskPressure'
        : 'PIDPressure';
  const messages = [
    ...evictionsOn(facts, name).map((event) => event.message),
    ...facts.pods.filter((pod) => pod.node === name && pod.reason === 'Evicted').map((pod) => pod.message),
  ];
  for (const message of messages) {
    const low = message.match(/low on resource: (\S+?)[.,\s]|node had condition: \[(\w+)\]/i);
    const word = low?.[1] ?? low?.[2] ?? '';
    if (/memory/i.test(word)) return 'MemoryPressure';
    if (/ephemeral-storage|disk|inode|imagefs|nodefs/i.test(word)) return 'DiskPressure';
    if (/pid/i.test(word)) return 'PIDPressure';
  }
  return null;
}

/** Eviction events of pods that are, or were, on the node. */
function evictionsOn(facts: Facts, name: string): EventFact[] {
  return facts.events.filter((event) => {
    if (event.reason !== 'Evicted' || event.kind !== 'Pod') return false;
    const pod = facts.pods.find((item) => item.name === event.name && item.namespace === event.namespace);
    return pod
      ? pod.node === name
      : event.message.includes(name) ||
          facts.nodes
            .filter((node) => node.conditions.some((item) => item.type !== 'Ready' && item.status === 'True'))
            .every((node) => node.name === name);
  });
}

interface Hog {
  workload: ObjectRef;
  name: string;
  /** `5.1Gi in use, request 128Mi`. */
  text: string;
  evidence: Evidence[];
}

/** What uses most memory beyond its request: among the pods that run on the node, and among those it evicted. */
function largestUser(facts: Facts, name: string): Hog | null {
  const candidates = [...runningUsers(facts, name), ...evictedUsers(facts, name)].sort(
    (a, b) => b.excess - a.excess,
  );
  return candidates[0]?.hog ?? null;
}

function runningUsers(facts: Facts, name: string): { excess: number; hog: Hog }[] {
  return facts.pods
    .filter((pod) => pod.node === name)
    .flatMap((pod) => {
      const metrics = facts.podMetrics.filter(
        (item) => item.pod === pod.name && item.namespace === pod.namespace,
      );
      const metric = metrics[0];
      if (!metric) return [];
      const bytes = metrics.reduce((total, item) => total + item.memoryBytes, 0);
      const requested = requestOf(pod);
      const unlimited = pod.detailed && pod.containers.some((item) => item.limits.memory === undefined);
      if (pod.detailed && bytes <= requested * BEYOND_REQUEST) return [];
      const sizes = `request ${requested === 0 ? 'none' : formatBytes(requested)}${unlimited ? ', no limit' : ''}`;
      const hog: Hog = {
        workload: workloadRef(pod),
        name: `${pod.namespace}/${pod.name}`,
        text: `${formatBytes(bytes)} in use${pod.detailed ? `, ${sizes}` : ''}`,
        evidence: [
          evidence(metric.ref, metric.quote, 'the largest user of memory on the node'),
          ...(pod.detailed
            ? [evidence(pod.ref, `resources: ${pod.containers.map(sizesOf).join('; ')}`, `pod ${pod.name}`)]
            : []),
        ],
      };
      return [{ excess: bytes - requested, hog }];
    });
}

function evictedUsers(facts: Facts, name: string): { excess: number; hog: Hog }[] {
  return evictionsOn(facts, name).flatMap((event) => {
    const use = event.message.match(/was using (\w+), request is (\w+)/);
    const bytes = parseMemoryBytes(use?.[1] ?? '');
    const requested = parseMemoryBytes(use?.[2] ?? '') ?? 0;
    if (bytes === undefined || bytes <= requested * BEYOND_REQUEST) return [];
    const pod = facts.pods.find((item) => item.name === event.name && item.namespace === event.namespace);
    const sized = facts.pods.find(
      (item) =>
        item.detailed &&
        item.namespace === event.namespace &&
        workloadOfPodName(item.name) === workloadOfPodName(event.name),
    );
    const unlimited = sized?.containers.some((item) => item.limits.memory === undefined) ?? false;
    const workload = pod
      ? workloadRef(pod)
      : { kind: 'Deployment', namespace: event.namespace, name: workloadOfPodName(event.name) };
    const hog: Hog = {
      workload,
      name: `${event.namespace}/${event.name}`,
      text: `${formatBytes(bytes)} in use when it was evicted, request ${requested === 0 ? 'none' : formatBytes(requested)}${unlimited ? ', no limit' : ''}`,
      evidence: [
        eventEvidence(event),
        ...(sized
          ? [
              evidence(
                sized.ref,
                `resources: ${sized.containers.map(sizesOf).join('; ')}`,
                `pod ${sized.name}`,
              ),
            ]
          : []),
      ],
    };
    return [{ excess: bytes - requested, hog }];
  });
}

function requestOf(pod: PodFact): number {
  return pod.containers.reduce(
    (total, item) => total + (parseMemoryBytes(item.requests.memory ?? '') ?? 0),
    0,
  );
}

function sizesOf(container: ContainerFact): string {
  return `${container.name} requests memory=${container.requests.memory ?? 'none'}, limits memory=${container.limits.memory ?? 'none'}`;
}

function remedies(name: string, kind: Pressure, hog: Hog | null): Finding['remediation'] {
  const items: Finding['remediation'] = [
    { text: 'Keep new pods away while the node recovers:', command: `kubectl cordon ${name}` },
  ];
  if (hog) {
    const { workload } = hog;
    const command =
      workload.kind === 'Pod'
        ? `kubectl -n ${workload.namespace} delete pod ${workload.name}`
        : `kubectl -n ${workload.namespace} set resources ${workload.kind.toLowerCase()}/${workload.name} --requests=memory=<measured use> --limits=memory=<limit>`;
    items.push({
      text: `Bound the largest user (${hog.name}), so that it is placed where there is room and cannot take the node:`,
      command,
    });
  } else if (kind === 'MemoryPressure') {
    items.push({
      text: 'Find the largest users of memory on it:',
      command: 'kubectl top pods -A --sort-by=memory',
    });
  } else {
    items.push({
      text: 'See what fills it:',
      command: `kubectl get --raw /api/v1/nodes/${name}/proxy/stats/summary`,
    });
  }
  items.push({ text: 'When it is well again:', command: `kubectl uncordon ${name}` });
  return items;
}

function notReady(facts: Facts, node: NodeFact): Finding | null {
  if (!/^(NotReady|Unknown)/.test(node.status)) return null;
  const condition = node.conditions.find((item) => item.type === 'Ready');
  if (node.status === 'Unknown' && !condition) return null;
  const events = eventsOf(facts, 'Node', '', node.name).filter((event) =>
    /NotReady|Rebooted|KubeletNotReady|ContainerRuntime/i.test(`${event.reason} ${event.message}`),
  );
  const silent = condition?.status === 'Unknown';
  const pods = facts.pods.filter((pod) => pod.node === node.name);
  return {
    pattern: 'node-not-ready',
    cause: `Node ${node.name} is not ready${silent ? ': its kubelet has stopped reporting' : condition?.message ? `: ${condition.message.slice(0, 140)}` : ''}.`,
    explanation: `${silent ? 'The control plane has not heard from the kubelet: the machine, its network or the kubelet is down.' : 'The kubelet reports itself that it cannot run pods.'} Its ${pods.length} known pod(s) get no traffic and are replaced after the toleration time.`,
    subject: { kind: 'Node', namespace: '', name: node.name },
    affects: pods.filter(isUnhealthy).flatMap((pod) => [podRef(pod), workloadRef(pod)]),
    confidence: 'high',
    because: "the node's Ready condition says so; why the kubelet fails is not visible from the cluster",
    evidence: distinctEvidence([
      ...(condition
        ? [
            evidence(
              node.ref,
              `Ready: ${condition.status}, ${condition.reason}: ${condition.message}`,
              `condition of node ${node.name}`,
            ),
          ]
        : [evidence(node.ref, node.quote, `node ${node.name}`)]),
      ...events.slice(0, 2).map(eventEvidence),
    ]),
    remediation: [
      {
        text: 'Look at the machine: is it up, and what does its kubelet say?',
        command: `ssh ${node.name} journalctl -u kubelet -n 100`,
      },
      {
        text: 'If it does not come back, move its pods:',
        command: `kubectl drain ${node.name} --ignore-daemonsets --delete-emptydir-data`,
      },
    ],
    prevention: ['Monitor kubelet and container runtime on the machines, and spread replicas over nodes.'],
    ruledOut: [],
    depth: 4,
  };
}
