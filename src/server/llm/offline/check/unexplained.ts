import type { Facts, PodFact } from '../facts.ts';
import { selects } from '../focus.ts';
import { distinctEvidence, evidence, type Finding, type ObjectRef } from '../patterns/finding.ts';
import { podRef, show, workloadRef } from '../patterns/observe.ts';
import { type CheckScope, inScope } from './scope.ts';
import { isBadNode, isShort, isTroubled, reachesNobody } from './trouble.ts';

/** What is wrong now without a pattern that knows why. A check names it all the same. */
export function findUnexplained(facts: Facts, scope: CheckScope): Finding[] {
  return [
    ...unreadyPods(facts, scope),
    ...shortWorkloads(facts, scope),
    ...badNodes(facts, scope),
    ...lonelyServices(facts, scope),
  ];
}

function unreadyPods(facts: Facts, scope: CheckScope): Finding[] {
  const troubled = facts.pods.filter((pod) => inScope(scope, pod.namespace) && isTroubled(pod));
  const byWorkload = Map.groupBy(troubled, (pod) => show(workloadRef(pod)));
  return [...byWorkload.values()].flatMap((pods) => {
    const [first] = pods;
    return first ? [unready(workloadRef(first), pods)] : [];
  });
}

function unready(workload: ObjectRef, pods: PodFact[]): Finding {
  const states = [...new Set(pods.map((pod) => pod.status))].join(', ');
  const [first] = pods;
  return symptom({
    pattern: 'pods-not-ready',
    subject: workload,
    affects: pods.map(podRef),
    cause: `${show(workload)} has ${pods.length} ${pods.length === 1 ? 'pod that is' : 'pods that are'} not ready (${states}).`,
    evidence: pods
      .slice(0, 3)
      .map((pod) =>
        evidence(pod.listRef || pod.ref, pod.quote || `status: ${pod.status}`, `pod ${pod.name}`),
      ),
    command: `kubectl -n ${workload.namespace} describe pod ${first?.name ?? ''}`,
  });
}

const shortWorkloads = (facts: Facts, scope: CheckScope): Finding[] =>
  facts.workloads
    .filter((item) => inScope(scope, item.namespace) && isShort(item))
    // Its pods say so themselves; while they are new, it is only starting.
    .filter(
      (item) =>
        !facts.pods.some((pod) => pod.namespace === item.namespace && workloadRef(pod).name === item.name),
    )
    .map((item) =>
      symptom({
        pattern: 'replicas-missing',
        subject: { kind: item.kind, namespace: item.namespace, name: item.name },
        affects: [],
        cause: `${item.kind} ${item.namespace}/${item.name} has ${item.ready} of ${item.desired} replicas.`,
        evidence: [
          evidence(
            item.ref,
            item.quote || `ready: ${item.ready} of ${item.desired}`,
            `${item.kind} ${item.name}`,
          ),
        ],
        command: `kubectl -n ${item.namespace} describe ${item.kind.toLowerCase()} ${item.name}`,
      }),
    );

const badNodes = (facts: Facts, scope: CheckScope): Finding[] =>
  facts.nodes.filter(isBadNode).map((node) =>
    symptom({
      pattern: 'node-condition',
      subject: { kind: 'Node', namespace: '', name: node.name },
      affects: facts.pods
        .filter((pod) => pod.node === node.name && inScope(scope, pod.namespace))
        .map(podRef),
      cause: `Node ${node.name} is not well: ${conditionsOf(node.conditions) || node.status}.`,
      evidence: [evidence(node.ref, node.quote || `status: ${node.status}`, `node ${node.name}`)],
      command: `kubectl describe node ${node.name}`,
    }),
  );

const lonelyServices = (facts: Facts, scope: CheckScope): Finding[] =>
  facts.services
    .filter((item) => inScope(scope, item.namespace) && Object.keys(item.selector).length > 0)
    .filter((item) => reachesNobody(item, facts))
    .map((item) =>
      symptom({
        pattern: 'service-without-endpoints',
        subject: { kind: 'Service', namespace: item.namespace, name: item.name },
        affects: facts.pods
          .filter((pod) => pod.namespace === item.namespace && selects(item.selector, pod.labels))
          .map(podRef),
        cause: `Service ${item.namespace}/${item.name} reaches no pod.`,
        evidence: facts.endpoints
          .filter((endpoints) => endpoints.namespace === item.namespace && endpoints.service === item.name)
          .map((endpoints) => evidence(endpoints.ref, endpoints.quote, `endpoints of ${item.name}`)),
        command: `kubectl -n ${item.namespace} describe service ${item.name}`,
      }),
    );

const conditionsOf = (conditions: { type: string; status: string }[]): string =>
  conditions
    .filter(({ type, status }) => (type === 'Ready' ? status !== 'True' : status === 'True'))
    .map(({ type, status }) => `${type}=${status}`)
    .join(', ');

function symptom(what: {
  pattern: string;
  subject: ObjectRef;
  affects: ObjectRef[];
  cause: string;
  evidence: Finding['evidence'];
  command: string;
}): Finding {
  const { command, ...rest } = what;
  return {
    ...rest,
    explanation: 'This is what is seen; none of the failure patterns that I know says why.',
    confidence: 'low',
    because: 'the state was read, its cause was not recognised',
    evidence: distinctEvidence(what.evidence),
    remediation: [{ text: `Look at ${show(what.subject)}:`, command }],
    prevention: [],
    ruledOut: [],
    depth: 1,
  };
}
