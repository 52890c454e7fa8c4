import type {
  Facts,
  LabelSelector,
  PodFact,
  PolicyFact,
  PolicyPeer,
  PolicyRule,
  ServiceFact,
} from '../facts.ts';
import { isUnhealthy, selects } from '../focus.ts';
import { isTimeout, type LogHit, serviceOfHost } from '../log-signatures.ts';
import { describeRule } from '../read-policy.ts';
import { distinctEvidence, evidence, type Finding, type PatternInput } from './finding.ts';
import { logEvidence, logHits, podRef, show, suspectPods, workloadRef } from './observe.ts';

/** A label that every namespace has, with its own name. */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

type Verdict = 'yes' | 'no' | 'unknown';

/**
 * A caller whose calls time out at pods that are well, because a NetworkPolicy in front of them admits others only. Nothing is
 * said where a rule cannot be decided from what was read.
 */
export function findBlockingPolicy(input: PatternInput): Finding[] {
  const { facts } = input;
  return suspectPods(input).flatMap((caller) => {
    const hit = logHits(facts, caller).findLast(
      (item) => item.kind === 'connection' && item.name !== '' && isTimeout(item.line),
    );
    const target = hit && serviceOfHost(hit.name, caller.namespace);
    const service =
      target &&
      facts.services.find((item) => item.namespace === target.namespace && item.name === target.name);
    if (!hit || !service) return [];
    const behind = facts.pods.filter(
      (pod) =>
        pod.namespace === service.namespace && selects(service.selector, pod.labels) && !isUnhealthy(pod),
    );
    const [callee] = behind;
    // Policies add up: one that was not seen may admit the caller.
    const areAllKnown = facts.listed.some(
      ({ kind, namespace, filtered }) =>
        kind === 'NetworkPolicy' && !filtered && (namespace === service.namespace || namespace === ''),
    );
    if (!callee || !areAllKnown) return [];
    const isolating = facts.policies.filter(
      (policy) =>
        policy.isIngress &&
        policy.namespace === callee.namespace &&
        selectsPod(policy.selector, callee) !== 'no',
    );
    const ports = portsOf(service, target.port);
    const verdicts = isolating.flatMap((policy) =>
      policy.detailed ? policy.rules.map((rule) => admits(rule, { caller, callee, ports })) : ['unknown'],
    );
    const [policy] = isolating;
    const isDecided = isolating.every((item) => selectsPod(item.selector, callee) === 'yes');
    if (!policy || !isDecided || verdicts.some((verdict) => verdict !== 'no')) return [];
    return [explain(facts, { caller, callee, service, hit, policies: isolating })];
  });
}

/** The ports of the pod that a call to the Service may reach, by number and by name. */
function portsOf(service: ServiceFact, port: number | undefined): string[] {
  const called = service.ports.filter((item) => port === undefined || item.port === port);
  return called.flatMap((item) => [item.targetPort, String(item.port)]);
}

function admits(
  { peers, ports }: PolicyRule,
  call: { caller: PodFact; callee: PodFact; ports: readonly string[] },
): Verdict {
  const to: Verdict = ports === null || ports.some((port) => call.ports.includes(port)) ? 'yes' : 'unknown';
  const from = peers === null ? 'yes' : anyOf(peers.map((peer) => admitsPeer(peer, call)));
  return from === 'no' ? 'no' : to === 'yes' ? from : 'unknown';
}

function admitsPeer(peer: PolicyPeer, { caller, callee }: { caller: PodFact; callee: PodFact }): Verdict {
  if (peer.addresses !== '') return 'unknown';
  const fromThere: Verdict =
    peer.namespaces === null
      ? caller.namespace === callee.namespace
        ? 'yes'
        : 'no'
      : matches(peer.namespaces, { [NAMESPACE_NAME]: caller.namespace }, false);
  const fromPod = peer.pods === null ? 'yes' : matches(peer.pods, caller.labels, true);
  if (fromThere === 'no' || fromPod === 'no') return 'no';
  return fromThere === 'yes' && fromPod === 'yes' ? 'yes' : 'unknown';
}

const selectsPod = (selector: LabelSelector, pod: PodFact): Verdict => matches(selector, pod.labels, true);

/** @param areAll whether `labels` are all that the object has: then one that is not there does not match */
function matches(selector: LabelSelector, labels: Record<string, string>, areAll: boolean): Verdict {
  const found = Object.entries(selector.labels).map(([key, value]): Verdict => {
    const own = labels[key];
    if (own === undefined) return areAll ? 'no' : 'unknown';
    return own === value ? 'yes' : 'no';
  });
  if (found.includes('no')) return 'no';
  return selector.isPartial || found.includes('unknown') ? 'unknown' : 'yes';
}

function anyOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('yes')) return 'yes';
  return verdicts.includes('unknown') ? 'unknown' : 'no';
}

function explain(
  facts: Facts,
  found: { caller: PodFact; callee: PodFact; service: ServiceFact; hit: LogHit; policies: PolicyFact[] },
): Finding {
  const { caller, callee, service, hit, policies } = found;
  const names = policies.map(({ namespace, name }) => `${namespace}/${name}`).join(' and ');
  const [first] = policies;
  const name = first?.name ?? '';
  const admitted = policies.flatMap(({ rules }) => rules.map(describeRule)).join('; or ') || 'nobody';
  return {
    pattern: 'network-policy',
    cause: `${show(workloadRef(caller))} cannot reach Service ${service.namespace}/${service.name} because NetworkPolicy ${names} does not admit pods of namespace ${caller.namespace}: it admits ${admitted}.`,
    explanation: `The calls end in a timeout, not a refusal, as they do when packets are dropped on the way. Pod ${callee.name} behind the Service is ready; the policy selects it, and no rule of it matches the caller.`,
    subject: { kind: 'NetworkPolicy', namespace: first?.namespace ?? '', name },
    affects: [podRef(caller), workloadRef(caller)],
    confidence: 'high',
    because:
      'the log shows timeouts, the other end is ready, and every policy that selects it was compared with the caller',
    evidence: distinctEvidence([
      logEvidence(hit),
      ...policies.map((policy) =>
        evidence(policy.ref, policy.quote, `whom NetworkPolicy ${policy.name} admits`),
      ),
      evidence(
        callee.listRef || callee.ref,
        callee.quote || `status: ${callee.status}`,
        `a pod behind Service ${service.name}`,
      ),
    ]),
    remediation: [
      {
        text: 'Look at the policy, and at its last change:',
        command: `kubectl -n ${callee.namespace} get networkpolicy ${name} -o yaml`,
      },
      {
        text: `Let it admit the caller, where that is meant: a namespaceSelector with ${NAMESPACE_NAME}: ${caller.namespace}.`,
        command: `kubectl -n ${callee.namespace} edit networkpolicy ${name}`,
      },
    ],
    prevention: [
      'Test a change of a network policy with a call from each workload that needs the way.',
      `Select namespaces by ${NAMESPACE_NAME}, which always is there, and review policies with those whose calls they admit.`,
    ],
    ruledOut: [`The pods behind Service ${service.name}: ${ready(facts, service)}.`],
    depth: 3,
  };
}

function ready(facts: Facts, service: ServiceFact): string {
  const behind = facts.pods.filter(
    (pod) => pod.namespace === service.namespace && selects(service.selector, pod.labels),
  );
  const well = behind.filter((pod) => !isUnhealthy(pod)).length;
  return `${well} of ${behind.length} ${behind.length === 1 ? 'is' : 'are'} ready`;
}
