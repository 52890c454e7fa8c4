import type { ContainerFact, EventFact, Facts, PodFact } from '../facts.ts';
import { workloadOfPodName } from '../names.ts';
import { formatBytes, parseMemoryBytes } from '../quantities.ts';
import { type Evidence, evidence, type ObjectRef } from './finding.ts';
import { eventEvidence, workloadRef } from './observe.ts';

/** Use that counts as beyond the request: a tenth more is normal. */
const BEYOND_REQUEST = 1.1;

/** Eviction events of pods that are, or were, on the node. */
export function evictionsOn(facts: Facts, name: string): EventFact[] {
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

export interface Hog {
  workload: ObjectRef;
  name: string;
  /** `5.1Gi in use, request 128Mi`. */
  text: string;
  evidence: Evidence[];
}

/** What uses most memory beyond its request: among the pods that run on the node, and among those it evicted. */
export function largestUser(facts: Facts, name: string): Hog | null {
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
