import type { EventFact, Facts, NodeFact, PodFact, PodMetricFact } from '../facts.ts';
import { isUnhealthy } from '../focus.ts';
import { formatBytes, parseMemoryBytes } from '../quantities.ts';
import { distinctEvidence, type Evidence, evidence, type Finding, type PatternInput } from './finding.ts';
import { eventEvidence, eventsOf, podRef, workloadRef } from './observe.ts';

const PRESSURES = { MemoryPressure: 'memory', DiskPressure: 'disk', PIDPressure: 'process ids' } as const;
type Pressure = keyof typeof PRESSURES;

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
    cause: `Node ${name} ${active ? 'is' : 'was'} under ${what} pressure${named.length > 0 ? ' and evicts pods' : ''}${hog ? `; the largest user is pod ${hog.pod.namespace}/${hog.pod.name} (${hog.text})` : ''}.`,
    explanation:
      `The kubelet of ${name} reports ${kind}${condition?.message ? ` ("${condition.message}")` : ''}${named.length > 0 ? ` and ended ${named.length} pod(s) to save the node: ${named.slice(0, 5).join(', ')}` : ''}. ` +
      (hog ? `${hog.explanation} ` : '') +
      'Evicted pods are victims: they had exceeded their requests or had low priority, and are recreated elsewhere if a controller owns them.',
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
      ...evicted
        .slice(0, 2)
        .map((pod) => evidence(pod.ref, pod.message || pod.quote, `evicted pod ${pod.name}`)),
      ...nodeEvents.slice(0, 2).map(eventEvidence),
      ...(hog?.evidence ?? []),
      ...(metric ? [evidence(metric.ref, metric.quote, 'use of the node now')] : []),
    ]),
    remediation: remedies(name, kind, hog?.pod),
    prevention: [
      kind === 'MemoryPressure'
        ? 'Give every container a memory request near its real use and a limit, and enforce both with a LimitRange.'
        : 'Bound logs, emptyDir volumes and images on the nodes.',
      'Reserve resources for the system (kube-reserved, system-reserved) and alert before the eviction threshold is reached.',
    ],
    ruledOut: ['A fault of the evicted applications themselves: the kubelet ended them.'],
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

/** The pod on the node that uses most memory, when it stands out: beyond its request or without a limit. */
function largestUser(
  facts: Facts,
  name: string,
): { pod: PodFact; text: string; explanation: string; evidence: Evidence[] } | null {
  const here = facts.pods.filter((pod) => pod.node === name);
  const use = (pod: PodFact) =>
    facts.podMetrics.filter((item) => item.pod === pod.name && item.namespace === pod.namespace);
  const sum = (items: PodMetricFact[]) => items.reduce((total, item) => total + item.memoryBytes, 0);
  const ranked = here
    .map((pod) => ({ pod, metrics: use(pod) }))
    .filter((item) => item.metrics.length > 0)
    .sort((a, b) => sum(b.metrics) - sum(a.metrics));
  const top = ranked[0];
  if (!top) return null;
  const bytes = sum(top.metrics);
  const requested = top.pod.containers.reduce(
    (total, item) => total + (parseMemoryBytes(item.requests.memory ?? '') ?? 0),
    0,
  );
  const unlimited = top.pod.detailed && top.pod.containers.some((item) => item.limits.memory === undefined);
  if (top.pod.detailed && !unlimited && bytes <= requested * 1.1) return null;
  const text = `${formatBytes(bytes)} in use${top.pod.detailed ? `, request ${requested === 0 ? 'none' : formatBytes(requested)}${unlimited ? ', no limit' : ''}` : ''}`;
  const metric = top.metrics[0];
  return {
    pod: top.pod,
    text,
    explanation: `Pod ${top.pod.namespace}/${top.pod.name} uses ${text}: the scheduler counts requests, so a pod far above its request overcommits the node.`,
    evidence: [
      ...(metric ? [evidence(metric.ref, metric.quote, 'the largest user of memory on the node')] : []),
      ...(top.pod.detailed
        ? [
            evidence(
              top.pod.ref,
              `resources: ${top.pod.containers.map((item) => `${item.name} requests memory=${item.requests.memory ?? 'none'}, limits memory=${item.limits.memory ?? 'none'}`).join('; ')}`,
              `pod ${top.pod.name}`,
            ),
          ]
        : []),
    ],
  };
}

function remedies(name: string, kind: Pressure, hog: PodFact | undefined): Finding['remediation'] {
  const items: Finding['remediation'] = [
    { text: 'Keep new pods away while the node recovers:', command: `kubectl cordon ${name}` },
  ];
  if (hog) {
    const workload = workloadRef(hog);
    const command =
      workload.kind === 'Pod'
        ? `kubectl -n ${hog.namespace} delete pod ${hog.name}`
        : `kubectl -n ${hog.namespace} set resources ${workload.kind.toLowerCase()}/${workload.name} --requests=memory=<measured use> --limits=memory=<limit>`;
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
