import { distance } from 'fastest-levenshtein';
import type { EndpointsFact, Facts, PodFact, ServiceFact, ServicePort, WorkloadFact } from '../facts.ts';
import { isUnhealthy, selects } from '../focus.ts';
import { listeningPort } from '../log-signatures.ts';
import { MAX_LABEL_EDITS } from '../tunables.ts';
import { distinctEvidence, type Evidence, evidence, type Finding, type PatternInput } from './finding.ts';
import { logsOf, podRef, workloadRef } from './observe.ts';

/** A Service that reaches no pod: selector, target port or readiness. */
export function findServiceWithoutEndpoints(input: PatternInput): Finding[] {
  const { facts } = input;
  return facts.services.flatMap((service) => {
    const listed = facts.listed.some(
      (item) =>
        item.kind === 'Pod' &&
        !item.filtered &&
        (item.namespace === service.namespace || item.namespace === ''),
    );
    if (Object.keys(service.selector).length === 0 || service.type === 'ExternalName' || !listed) return [];
    const selected = facts.pods.filter(
      (pod) => pod.namespace === service.namespace && selects(service.selector, pod.labels),
    );
    const finding =
      selected.length === 0
        ? nothingSelected(facts, service)
        : (wrongPort(input, service, selected) ?? noneReady(facts, service, selected));
    return finding ? [finding] : [];
  });
}

function nothingSelected(facts: Facts, service: ServiceFact): Finding {
  const near = closestPod(facts, service);
  const wrong = near
    ? Object.entries(service.selector).filter(([key, value]) => near.labels[key] !== value)
    : [];
  const difference = wrong
    .map(
      ([key, value]) =>
        `${key}=${value} (pods have ${near?.labels[key] === undefined ? `no label ${key}` : `${key}=${near.labels[key]}`})`,
    )
    .join(', ');
  const idle = facts.workloads.find(
    (item) =>
      item.namespace === service.namespace &&
      item.desired === 0 &&
      item.kind !== 'ReplicaSet' &&
      (selects(service.selector, item.selector) || item.name === service.name),
  );
  return {
    ...base(service),
    cause: idle
      ? `Service ${service.namespace}/${service.name} has no endpoints because ${idle.kind} ${idle.name} is scaled to zero.`
      : `Service ${service.namespace}/${service.name} has no endpoints because its selector matches no pod${difference === '' ? ` (it asks for ${pairs(service.selector)})` : `: it asks for ${difference}`}.`,
    explanation:
      near && !idle
        ? `Pod ${near.name} looks like the one meant, but its labels differ from the selector, so the Service has nothing to send to.`
        : 'No pod in the namespace carries the labels that the Service asks for, so it has nothing to send to.',
    affects: near ? [podRef(near), workloadRef(near)] : [],
    confidence: near || idle ? 'high' : 'medium',
    because:
      near || idle
        ? 'the selector and the labels of all pods were compared'
        : 'no pod matches, but it is not clear which pods are meant',
    evidence: distinctEvidence([
      evidence(service.ref, `selector: ${pairs(service.selector)}`, `selector of Service ${service.name}`),
      ...(near
        ? [
            evidence(
              near.listRef || near.ref,
              near.quote || `labels: ${pairs(near.labels)}`,
              `labels of pod ${near.name}`,
            ),
          ]
        : []),
      ...(idle
        ? [evidence(idle.ref, idle.quote || `replicas: ${idle.desired}`, `size of ${idle.kind} ${idle.name}`)]
        : []),
      ...endpointEvidence(facts, service),
    ]),
    remediation: selectorRemedies(service, near, idle),
    depth: 3,
  };
}

function selectorRemedies(
  service: ServiceFact,
  near: PodFact | undefined,
  idle: WorkloadFact | undefined,
): Finding['remediation'] {
  return idle
    ? [
        {
          text: 'Scale it up again:',
          command: `kubectl -n ${service.namespace} scale ${idle.kind.toLowerCase()}/${idle.name} --replicas=<n>`,
        },
      ]
    : [
        {
          text: 'Make selector and labels agree:',
          command: near
            ? `kubectl -n ${service.namespace} patch service ${service.name} --type merge -p '${JSON.stringify({ spec: { selector: Object.fromEntries(Object.keys(service.selector).flatMap((key) => (near.labels[key] === undefined ? [] : [[key, near.labels[key]]]))) } })}'`
            : `kubectl -n ${service.namespace} edit service ${service.name}`,
        },
      ];
}

/** The pod that is probably meant: it shares a pair of the selector, or a name, or has the most similar label value. */
function closestPod(facts: Facts, service: ServiceFact): PodFact | undefined {
  const here = facts.pods.filter((pod) => pod.namespace === service.namespace);
  const pairsOf = Object.entries(service.selector);
  const sharing = here.find((pod) => pairsOf.some(([key, value]) => pod.labels[key] === value));
  const named = here.find(
    (pod) => workloadRef(pod).name === service.name || Object.values(pod.labels).includes(service.name),
  );
  const similar = here
    .map((pod) => ({
      pod,
      edits: Math.min(...pairsOf.map(([key, value]) => distance(pod.labels[key] ?? '', value))),
    }))
    .filter(
      ({ pod, edits }) =>
        edits <= MAX_LABEL_EDITS &&
        pairsOf.some(([key, value]) => value.length > edits * 2 && pod.labels[key] !== undefined),
    )
    .sort((a, b) => a.edits - b.edits);
  return sharing ?? named ?? similar[0]?.pod;
}

function wrongPort(
  { facts, focus }: PatternInput,
  service: ServiceFact,
  selected: PodFact[],
): Finding | null {
  const pod = selected.find((item) => item.detailed && item.containers.length > 0);
  if (!service.detailed || !pod) return null;
  const offered = pod.containers.flatMap((container) => container.ports);
  for (const port of service.ports) {
    const named = !/^\d+$/.test(port.targetPort);
    if (named && !offered.some((item) => item.name === port.targetPort))
      return portFinding(facts, service, pod, port, 'high');
    if (named || offered.some((item) => item.port === Number(port.targetPort))) continue;
    const heard = logsOf(facts, pod)
      .map(listeningPort)
      .find((item) => item !== null);
    if (heard?.port === Number(port.targetPort)) continue;
    const suspected = focus.services.includes(service) || isUnhealthy(pod);
    if (offered.length > 0 && suspected)
      return portFinding(facts, service, pod, port, heard ? 'high' : 'medium');
  }
  return null;
}

function portFinding(
  facts: Facts,
  service: ServiceFact,
  pod: PodFact,
  port: ServicePort,
  confidence: Finding['confidence'],
): Finding {
  const offered = pod.containers.flatMap((container) => container.ports);
  const has =
    offered
      .map((item) => (item.name === '' ? `${item.port}` : `\`${item.name}\` (${item.port})`))
      .join(', ') || 'none';
  const heard = logsOf(facts, pod)
    .map((log) => ({ log, port: listeningPort(log) }))
    .find((item) => item.port !== null);
  const replacement = offered[0]?.name || offered[0]?.port || '<port>';
  const index = service.ports.indexOf(port);
  const named = !/^\d+$/.test(port.targetPort);
  return {
    ...base(service),
    cause: `Service ${service.namespace}/${service.name} ${named ? 'has no usable endpoints' : 'reaches no open port'} because its target port \`${port.targetPort}\` does not exist in the pods, which offer ${has}.`,
    explanation: `The Service sends port ${port.port} to target port \`${port.targetPort}\` of its pods. The containers of pod ${pod.name} declare ${has}: the port was ${named ? 'renamed' : 'changed'} on one side only, so ${named ? 'Kubernetes cannot resolve the name and publishes no endpoint' : 'connections are refused'}.`,
    affects: [podRef(pod), workloadRef(pod)],
    confidence,
    because:
      confidence === 'high'
        ? 'the ports of the Service and of the pod were compared'
        : 'declared container ports are informative only; the application might still listen there',
    evidence: distinctEvidence([
      evidence(
        service.ref,
        `targetPort: ${port.targetPort} (port ${port.port})`,
        `port of Service ${service.name}`,
      ),
      evidence(
        pod.ref,
        `containerPort: ${offered.map((item) => `${item.port}${item.name === '' ? '' : ` name: ${item.name}`}`).join('; ') || 'none'}`,
        `ports of pod ${pod.name}`,
      ),
      ...(heard?.port ? [evidence(heard.log.ref, heard.port.line, 'the port it really listens on')] : []),
      ...endpointEvidence(facts, service),
    ]),
    remediation: [
      {
        text: 'Point the Service to the port that the pods offer (or rename the container port back):',
        command: `kubectl -n ${service.namespace} patch service ${service.name} --type json -p '[{"op":"replace","path":"/spec/ports/${index}/targetPort","value":${JSON.stringify(replacement)}}]'`,
      },
      {
        text: 'Check that endpoints appear:',
        command: `kubectl -n ${service.namespace} get endpointslices -l kubernetes.io/service-name=${service.name}`,
      },
    ],
    depth: 3,
  };
}

function noneReady(facts: Facts, service: ServiceFact, selected: PodFact[]): Finding | null {
  if (selected.some((pod) => !isUnhealthy(pod))) return null;
  const worst = selected[0];
  if (!worst || selected.every((pod) => pod.status === 'Completed' || pod.status === 'Succeeded'))
    return null;
  return {
    ...base(service),
    cause: `Service ${service.namespace}/${service.name} has no ready endpoints because none of its ${selected.length} pod(s) is ready.`,
    explanation: `The selector matches ${selected.map((pod) => `${pod.name} (${pod.status}, ${pod.readyCount}/${pod.containerCount} ready)`).join(', ')}; only ready pods receive traffic.`,
    affects: selected.flatMap((pod) => [podRef(pod), workloadRef(pod)]),
    confidence: 'medium',
    because: 'the pods are not ready for sure; why they are not is a question of the pods',
    evidence: distinctEvidence([
      ...selected
        .slice(0, 3)
        .map((pod) =>
          evidence(
            pod.listRef || pod.ref,
            pod.quote || `status: ${pod.status}, ready ${pod.readyCount}/${pod.containerCount}`,
            `pod ${pod.name}`,
          ),
        ),
      ...endpointEvidence(facts, service),
    ]),
    remediation: [
      {
        text: 'See why the pods are not ready:',
        command: `kubectl -n ${service.namespace} describe pod ${worst.name}`,
      },
    ],
    depth: 1,
  };
}

function base(service: ServiceFact): Pick<Finding, 'pattern' | 'subject' | 'prevention' | 'ruledOut'> {
  return {
    pattern: 'service-without-endpoints',
    subject: { kind: 'Service', namespace: service.namespace, name: service.name },
    prevention: [
      'Keep the Service and the workload in one manifest or chart, with the port name and labels defined once.',
      'Alert on Services without ready endpoints (kube_endpoint_address with ready="true" at 0).',
    ],
    ruledOut: [],
  };
}

function endpointEvidence(facts: Facts, service: ServiceFact): Evidence[] {
  return facts.endpoints
    .filter(
      (item: EndpointsFact) =>
        item.namespace === service.namespace && item.service === service.name && item.ready === 0,
    )
    .map((item) => evidence(item.ref, item.quote, `endpoints of Service ${service.name}`));
}

/** True when the Service was seen with at least one ready endpoint. */
export function hasReadyEndpoints(facts: Facts, namespace: string, name: string): boolean {
  return facts.endpoints.some(
    (item) => item.namespace === namespace && item.service === name && item.ready > 0,
  );
}

function pairs(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
