import type { PodFact } from '../facts.ts';
import { byTrouble, isUnhealthy, selects } from '../focus.ts';
import { isTimeout, serviceOfHost } from '../log-signatures.ts';
import { logHits, troubledContainers } from '../patterns/observe.ts';
import { LOG_TAIL_LINES } from '../tunables.ts';
import { suspects } from './choose-suspects.ts';
import type { PlanInput, Step } from './step.ts';

const NOT_STARTED =
  /^(CreateContainerConfigError|CreateContainerError|ContainerCreating|PodInitializing|ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull)$/;

/** The suspects one by one: the object, then its logs. */
export function podSteps(input: PlanInput): Step[] {
  // A check reads the logs of each: every one may have a cause of its own.
  return suspects(input).flatMap((pod, index) => readPod(pod, index < 2 || input.isSuspect !== undefined));
}

/** The pod itself, then the logs of its containers that ended or are not ready. */
function readPod(pod: PodFact, withLogs: boolean): Step[] {
  const { namespace, name } = pod;
  if (!pod.detailed)
    return [
      {
        lookup: { kind: 'pod', namespace, name },
        why: `the containers of pod ${name}, how they ended and what they need`,
      },
    ];
  if (!withLogs) return [];
  return troubledContainers(pod)
    .slice(0, 2)
    .flatMap((container): Step[] => {
      const waits = container.state.kind === 'unknown' || NOT_STARTED.test(container.state.reason);
      if (waits && container.restarts === 0) return [];
      const log = {
        kind: 'log',
        namespace,
        pod: name,
        container: container.name,
        tail: LOG_TAIL_LINES,
      } as const;
      const steps: Step[] = [];
      if (container.restarts > 0 || container.lastState.kind === 'terminated') {
        steps.push({
          lookup: { ...log, previous: true },
          why: `what container ${container.name} of ${name} wrote before it ended`,
        });
      }
      steps.push({ lookup: log, why: `what container ${container.name} of ${name} writes now` });
      return steps;
    });
}

/** The Secrets and ConfigMaps that a container takes its configuration from, when it cannot start or ends at once. */
export function configSteps(input: PlanInput): Step[] {
  return suspects(input).flatMap((pod) => {
    const events = input.facts.events.filter(
      (event) => event.name === pod.name && /FailedMount|Failed/.test(event.reason),
    );
    const hits = logHits(input.facts, pod).filter(
      (hit) => hit.kind === 'missing_config' || hit.kind === 'bad_config' || hit.kind === 'missing_file',
    );
    const words = [
      ...events.map((event) => event.message),
      ...hits.map((hit) => hit.line),
      ...pod.containers.map((item) => item.state.message),
    ].join('\n');
    const needed =
      pod.containers.some((item) => item.state.reason === 'CreateContainerConfigError') ||
      hits.length > 0 ||
      /secret|configmap/i.test(words);
    if (!needed) return [];
    const references = pod.containers.flatMap((container) => container.references);
    const told = (text: string) => text !== '' && words.includes(text);
    return references
      .sort(
        (a, b) =>
          Number(told(b.name) || told(b.key) || told(b.env)) -
          Number(told(a.name) || told(a.key) || told(a.env)),
      )
      .slice(0, 4)
      .map(
        (item): Step => ({
          lookup: {
            kind: 'object',
            apiVersion: 'v1',
            of: item.kind,
            namespace: pod.namespace,
            name: item.name,
          },
          why: `whether ${item.kind} ${item.name} exists and has the key that ${pod.name} needs`,
        }),
      );
  });
}

/** Policies that are read one by one; a namespace has few. */
const MAX_POLICIES = 4;

/** A caller that times out at a Service whose pods are well: what stands between the two. */
export function policySteps(input: PlanInput): Step[] {
  const { facts } = input;
  const namespaces = new Set(
    suspects(input).flatMap((pod) =>
      logHits(facts, pod)
        .filter((hit) => hit.kind === 'connection' && isTimeout(hit.line))
        .flatMap((hit) => serviceOfHost(hit.name, pod.namespace) ?? [])
        .filter((target) =>
          facts.services.some(
            ({ namespace, name }) => namespace === target.namespace && name === target.name,
          ),
        )
        .map((target) => target.namespace),
    ),
  );
  const kind = { apiVersion: 'networking.k8s.io/v1', of: 'NetworkPolicy' };
  return [...namespaces].flatMap((namespace): Step[] => [
    {
      lookup: { kind: 'objects', ...kind, namespace },
      why: `calls into ${namespace} time out: whether a network policy keeps them out`,
    },
    ...facts.policies
      .filter((policy) => policy.namespace === namespace && !policy.detailed)
      .slice(0, MAX_POLICIES)
      .map(
        ({ name }): Step => ({
          lookup: { kind: 'object', ...kind, namespace, name },
          why: `whom network policy ${name} admits`,
        }),
      ),
  ]);
}

/** One hop to what the pods call: the Service behind a host in a failed connection, and its pods. */
export function dependencySteps(input: PlanInput): Step[] {
  const { facts } = input;
  const targets = suspects(input).flatMap((pod) =>
    logHits(facts, pod)
      .filter((hit) => hit.kind === 'connection' || hit.kind === 'dns')
      .flatMap((hit) => serviceOfHost(hit.name, pod.namespace) ?? []),
  );
  const distinct = [
    ...new Map(targets.map((item) => [`${item.namespace}/${item.name}`, item])).values(),
  ].slice(-2);
  return distinct.flatMap(({ namespace, name }): Step[] => {
    const service = facts.services.find((item) => item.namespace === namespace && item.name === name);
    const behind = service
      ? byTrouble(
          facts.pods.filter((pod) => pod.namespace === namespace && selects(service.selector, pod.labels)),
        )
      : [];
    return [
      {
        lookup: { kind: 'object', apiVersion: 'v1', of: 'Service', namespace, name },
        why: `the log shows failed calls to ${name}, so the Service behind that name`,
      },
      {
        lookup: { kind: 'object', apiVersion: 'v1', of: 'Endpoints', namespace, name },
        why: `whether ${name} reaches a pod`,
      },
      { lookup: { kind: 'pods', namespace }, why: `the pods behind ${name}` },
      { lookup: { kind: 'events', namespace }, why: `what Kubernetes reported in ${namespace}` },
      ...behind
        .slice(0, 2)
        .filter((pod, index) => index === 0 || isUnhealthy(pod))
        .flatMap((pod) => readPod(pod, true)),
    ];
  });
}
