import type { Facts, PodFact } from '../facts.ts';
import { isUnhealthy, selects } from '../focus.ts';
import { type LogHit, serviceOfHost } from '../log-signatures.ts';
import { distinctEvidence, evidence, type Finding, type PatternInput } from './finding.ts';
import { logEvidence, logHits, podRef, show, suspectPods, workloadRef } from './observe.ts';
import { hasReadyEndpoints } from './service-endpoints.ts';

/** A pod that fails because something it calls cannot be resolved or reached. */
export function findDependencyFailure(input: PatternInput): Finding[] {
  const { facts } = input;
  return suspectPods(input).flatMap((pod) => {
    const hits = logHits(facts, pod).filter((hit) => hit.kind === 'connection' || hit.kind === 'dns');
    const last = hits.at(-1);
    if (!last) return [];
    const hit = hits.filter((item) => item.name !== '').at(-1) ?? last;
    const finding = explain(facts, pod, hit);
    return finding ? [finding] : [];
  });
}

function explain(facts: Facts, pod: PodFact, hit: LogHit): Finding | null {
  const target = serviceOfHost(hit.name, pod.namespace);
  const absent =
    target &&
    facts.failures.find(
      (item) =>
        item.reason === 'not_found' &&
        item.args.kind === 'Service' &&
        item.args.name === target.name &&
        item.args.namespace === target.namespace,
    );
  if (target && absent) {
    return {
      ...base(pod, hit),
      cause: `${show(workloadRef(pod))} fails because it calls \`${hit.name}\`, and Service ${target.namespace}/${target.name} does not exist.`,
      explanation: 'The name in its configuration leads to no Service, so it cannot be resolved or reached.',
      confidence: 'high',
      because: 'the log names the host and a look at the Service finds none',
      evidence: distinctEvidence([
        logEvidence(hit),
        evidence(absent.ref, absent.message, `a look at Service ${target.name}`),
      ]),
      depth: 3,
    };
  }
  const service =
    target && facts.services.find((item) => item.namespace === target.namespace && item.name === target.name);
  if (target && service) return throughService(facts, pod, hit, service, target.port);
  if (!isUnhealthy(pod) && pod.restarts === 0) return null;
  return {
    ...base(pod, hit),
    cause: `${show(workloadRef(pod))} fails because it cannot ${hit.kind === 'dns' ? 'resolve' : 'reach'} ${hit.name === '' ? 'something it depends on' : `\`${hit.name}\``}.`,
    explanation: `Its log shows the failed ${hit.kind === 'dns' ? 'name resolution' : 'connection'}. ${target ? 'The Service behind the name was not read.' : 'The address is not a Service of this cluster that could be looked at.'}`,
    confidence: 'medium',
    because: 'the log names it; the other end could not be looked at',
    evidence: distinctEvidence([logEvidence(hit)]),
    depth: 2,
  };
}

function throughService(
  facts: Facts,
  pod: PodFact,
  hit: LogHit,
  service: Facts['services'][number],
  port: number | undefined,
): Finding | null {
  const name = `${service.namespace}/${service.name}`;
  if (port !== undefined && service.ports.length > 0 && !service.ports.some((item) => item.port === port)) {
    return {
      ...base(pod, hit),
      cause: `${show(workloadRef(pod))} fails because it calls port ${port} of Service ${name}, which offers ${service.ports.map((item) => item.port).join(', ')}.`,
      explanation: 'The port in its configuration is not a port of the Service.',
      confidence: 'high',
      because: 'the log names host and port, and the Service was read',
      evidence: distinctEvidence([
        logEvidence(hit),
        evidence(
          service.ref,
          service.quote || `ports: ${service.ports.map((item) => item.port).join(', ')}`,
          `Service ${name}`,
        ),
      ]),
      depth: 3,
    };
  }
  const behind = facts.pods.filter(
    (item) => item.namespace === service.namespace && selects(service.selector, item.labels),
  );
  const working =
    behind.some((item) => !isUnhealthy(item)) || hasReadyEndpoints(facts, service.namespace, service.name);
  if (working && !isUnhealthy(pod)) return null;
  return {
    ...base(pod, hit),
    affects: [podRef(pod), workloadRef(pod)],
    cause: `${show(workloadRef(pod))} fails because it cannot reach Service ${name}${working ? '' : ', which has no ready pod'}.`,
    explanation: working
      ? 'The Service has ready pods now, so the failure is in between (network policy, port, overload) or over.'
      : 'The Service it depends on has nothing ready behind it; the cause is there.',
    confidence: working ? 'low' : 'medium',
    because: working ? 'the other end looks well' : 'the log and the state of the other end agree',
    evidence: distinctEvidence([
      logEvidence(hit),
      ...behind
        .slice(0, 2)
        .map((item) =>
          evidence(
            item.listRef || item.ref,
            item.quote || `status: ${item.status}`,
            `a pod behind Service ${name}`,
          ),
        ),
    ]),
    depth: 2,
  };
}

function base(
  pod: PodFact,
  hit: LogHit,
): Pick<Finding, 'pattern' | 'subject' | 'affects' | 'remediation' | 'prevention' | 'ruledOut'> {
  const target = serviceOfHost(hit.name, pod.namespace);
  return {
    pattern: 'dependency-failure',
    subject: target ? { kind: 'Service', namespace: target.namespace, name: target.name } : workloadRef(pod),
    affects: [podRef(pod), workloadRef(pod)],
    remediation: target
      ? [
          {
            text: 'Look at the Service and what is behind it:',
            command: `kubectl -n ${target.namespace} get service,endpointslices,pods -l kubernetes.io/service-name=${target.name}`,
          },
          { text: "Correct the address in the caller's configuration if the Service was moved or renamed." },
        ]
      : [
          {
            text: 'Check the address in the configuration and try it from inside the cluster:',
            command: `kubectl -n ${pod.namespace} run probe --rm -it --image=busybox --restart=Never -- nslookup ${hit.name.replace(/:\d+$/, '') || '<host>'}`,
          },
        ],
    prevention: [
      'Retry with back-off at start instead of ending when a dependency is away for a moment.',
      'Alert on the dependency itself, so that the first alert names the cause.',
    ],
    ruledOut: [],
  };
}
