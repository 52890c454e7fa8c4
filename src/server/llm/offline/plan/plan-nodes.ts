import type { Facts, PodFact } from '../facts.ts';
import { lostItsNode, workloadRef } from '../patterns/observe.ts';
import type { PlanInput, Step } from './step.ts';

/** Nodes looked at one by one in one investigation. */
const MAX_NODES = 2;
/** Evicted pods and largest users read per node: they tell the same. */
const MAX_PODS_PER_NODE = 1;

/** Nodes that evict or are named: their conditions, their use, and the pod that uses most. */
export function nodeSteps(input: PlanInput): Step[] {
  const { focus, facts } = input;
  const victims = facts.pods.filter((pod) => isVictim(facts, pod));
  const named = focus.nodes.map((node) => node.name);
  const troubled = facts.nodes
    .filter(
      (node) =>
        !/^Ready(,|$)/.test(node.status) ||
        node.conditions.some((item) => item.type !== 'Ready' && item.status === 'True'),
    )
    .map((node) => node.name);
  if (
    named.length === 0 &&
    !(focus.specific ? concernsFocus(input, victims) : victims.length + troubled.length > 0)
  )
    return [];
  const names = [
    ...new Set([
      ...named,
      ...(named.length > 0
        ? []
        : [...troubled, ...victims.map((pod) => pod.node), ...focus.pods.map((pod) => pod.node)]),
    ]),
  ]
    .filter((name) => name !== '')
    .slice(0, MAX_NODES);
  return [
    ...names.flatMap((name): Step[] => [
      {
        lookup: { kind: 'object', apiVersion: 'v1', of: 'Node', name },
        why: `conditions and taints of node ${name}`,
      },
    ]),
    { lookup: { kind: 'nodeMetrics' }, why: 'how much of each node is in use' },
    { lookup: { kind: 'podMetrics' }, why: 'which pods use most' },
    { lookup: { kind: 'pods' }, why: 'which pods share the node, in all namespaces' },
    { lookup: { kind: 'events' }, why: 'events of the node and of evictions in all namespaces' },
    ...names.flatMap((name) => [
      ...victims
        .filter((pod) => pod.node === name)
        .slice(0, MAX_PODS_PER_NODE)
        .map((pod) => readStep(pod, `why ${pod.name} was evicted, and what it asked for`)),
      ...largestPods(facts, name).map((pod) =>
        readStep(pod, `request and limit of ${pod.name}, the largest user of memory on ${name}`),
      ),
    ]),
  ];
}

/** True when the pods of the alert, or earlier pods of their workloads, are among the victims. */
function concernsFocus({ focus, facts }: PlanInput, victims: PodFact[]): boolean {
  const workloads = new Set(focus.pods.map((pod) => `${pod.namespace}/${workloadRef(pod).name}`));
  const evicted = facts.events.filter((event) => event.reason === 'Evicted');
  return (
    victims.some((pod) => workloads.has(`${pod.namespace}/${workloadRef(pod).name}`)) ||
    evicted.some((event) =>
      focus.pods.some(
        (pod) => event.namespace === pod.namespace && event.name.startsWith(`${workloadRef(pod).name}-`),
      ),
    )
  );
}

function isVictim(facts: Facts, pod: PodFact): boolean {
  if (
    pod.status === 'Evicted' ||
    pod.reason === 'Evicted' ||
    /Unknown|NodeLost|NodeAffinity/.test(pod.status)
  )
    return true;
  if (lostItsNode(facts, pod)) return true;
  return facts.events.some(
    (event) =>
      event.reason === 'TaintManagerEviction' && event.name === pod.name && event.namespace === pod.namespace,
  );
}

function readStep(pod: PodFact, why: string): Step {
  return { lookup: { kind: 'pod', namespace: pod.namespace, name: pod.name }, why };
}

function largestPods(facts: Facts, node: string): PodFact[] {
  const use = (pod: PodFact) =>
    facts.podMetrics
      .filter((item) => item.pod === pod.name && item.namespace === pod.namespace)
      .reduce((sum, item) => sum + item.memoryBytes, 0);
  return facts.pods
    .filter((pod) => pod.node === node && use(pod) > 0)
    .sort((a, b) => use(b) - use(a))
    .slice(0, MAX_PODS_PER_NODE);
}
