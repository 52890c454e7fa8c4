import type { EventFact, Facts, NodeFact, PodFact } from '../facts.ts';
import { distinctEvidence, type Evidence, evidence, type Finding, type PatternInput } from './finding.ts';
import { evictionsOn, type Hog, largestUser } from './largest-memory-user.ts';
import { explainNotReady } from './node-not-ready.ts';
import { eventEvidence, eventsOf, podRef, show, workloadRef } from './observe.ts';

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
    const finding = pressure(facts, name, node) ?? (node ? explainNotReady(facts, node) : null);
    return finding ? [finding] : [];
  });
}

function pressure(facts: Facts, name: string, node: NodeFact | undefined): Finding | null {
  const kind = pressureOf(facts, name, node);
  if (kind === null) return null;
  const what = PRESSURES[kind];
  const evictions = evictionsOn(facts, name);
  const evicted = evictedPods(facts, name);
  const condition = node?.conditions.find((item) => item.type === kind);
  const active = condition?.status === 'True';
  const reported = active || pressureEvents(facts, name).length > 0;
  const hog = kind === 'MemoryPressure' ? largestUser(facts, name) : null;
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
    confidence: reported ? 'high' : 'medium',
    because: reported
      ? 'the node itself reports the pressure'
      : 'the eviction messages name it; the node does not report it any more',
    evidence: pressureEvidence(facts, name, node, kind, hog),
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

function pressureEvidence(
  facts: Facts,
  name: string,
  node: NodeFact | undefined,
  kind: Pressure,
  hog: Hog | null,
): Evidence[] {
  const condition = node?.conditions.find((item) => item.type === kind);
  const evictions = evictionsOn(facts, name);
  const evicted = evictedPods(facts, name);
  const metric = facts.nodeMetrics.find((item) => item.name === name);
  return distinctEvidence([
    ...(condition?.status === 'True'
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
    ...pressureEvents(facts, name).slice(0, 2).map(eventEvidence),
    ...(hog?.evidence ?? []),
    ...(metric ? [evidence(metric.ref, metric.quote, 'use of the node now')] : []),
  ]);
}

function evictedPods(facts: Facts, node: string): PodFact[] {
  return facts.pods.filter(
    (pod) => pod.node === node && (pod.status === 'Evicted' || pod.reason === 'Evicted'),
  );
}

/** Events of the node itself that tell of a shortage. */
function pressureEvents(facts: Facts, node: string): EventFact[] {
  return eventsOf(facts, 'Node', '', node).filter((event) =>
    /Insufficient|Pressure|EvictionThreshold|OOM|FreeDiskSpace/i.test(`${event.reason} ${event.message}`),
  );
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
