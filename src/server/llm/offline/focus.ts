import type { ClaimFact, Facts, NodeFact, PodFact, ServiceFact, WorkloadFact } from './facts.ts';
import { workloadOfPodName } from './names.ts';
import type { Subject, SubjectKind } from './read-alert.ts';

/** The objects of the cluster that the alert is about, as far as they have been seen. */
export interface Focus {
  /** Namespaces to look at; empty means that the alert does not say. */
  namespaces: string[];
  pods: PodFact[];
  services: ServiceFact[];
  claims: ClaimFact[];
  nodes: NodeFact[];
  workloads: WorkloadFact[];
  /** True when the alert names an object that exists (or a namespace and nothing more precise). */
  specific: boolean;
}

const APP_LABELS = [
  'app.kubernetes.io/name',
  'app',
  'k8s-app',
  'name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'component',
];
const POD_KINDS: ReadonlySet<SubjectKind> = new Set<SubjectKind>(['pod', 'workload', 'job', 'app']);

/** Matches the names in the alert against the objects that were read. */
export function findFocus(subject: Subject, facts: Facts): Focus {
  const namespaces = findNamespaces(subject, facts);
  const inScope = (namespace: string) => namespaces.length === 0 || namespaces.includes(namespace);
  const named = (kind: SubjectKind) =>
    subject.objects.filter((object) => object.kind === kind).map((object) => object.name);
  const services = facts.services.filter(
    (service) => inScope(service.namespace) && named('service').includes(service.name),
  );
  const claims = facts.claims.filter(
    (claim) => inScope(claim.namespace) && named('claim').includes(claim.name),
  );
  const nodes = facts.nodes.filter(
    (node) => named('node').includes(node.name) || subject.words.has(node.name),
  );
  const workloads = facts.workloads.filter(
    (item) =>
      inScope(item.namespace) &&
      subject.objects.some((object) => POD_KINDS.has(object.kind) && belongsTo(item.name, object.name)),
  );
  const scoped = facts.pods.filter((pod) => inScope(pod.namespace));
  const byClaim = scoped.filter((pod) =>
    pod.claims.some((claim) => claims.some((known) => known.name === claim)),
  );
  const pods = distinct([...findPods(subject, scoped), ...byClaim]);
  const specific = pods.length + services.length + claims.length + nodes.length + workloads.length > 0;
  return { namespaces, pods, services, claims, nodes, workloads, specific };
}

/** Label namespaces; else those of prose and words that the cluster has. */
export function findNamespaces(subject: Subject, facts: Facts): string[] {
  if (subject.namespaces.length > 0) return subject.namespaces;
  // An alert about a node is not about a namespace, whatever other words it has.
  if (
    subject.objects.some(
      (object) => object.kind === 'node' && facts.nodes.some((node) => node.name === object.name),
    )
  )
    return [];
  const known = new Set([...facts.namespaces, ...facts.pods.map((pod) => pod.namespace)]);
  const prose = subject.maybeNamespaces.filter((name) => known.has(name));
  if (prose.length > 0) return prose;
  return [...known].filter((name) => subject.words.has(name) && name !== 'default');
}

/** Pods named by the alert, by the best kind of match that hits: exact, workload, service name, then any word. */
function findPods(subject: Subject, pods: PodFact[]): PodFact[] {
  const names = subject.objects.filter((object) => POD_KINDS.has(object.kind)).map((object) => object.name);
  const exact = pods.filter((pod) => names.includes(pod.name));
  if (exact.length > 0) return exact;
  const byWorkload = pods.filter((pod) => names.some((name) => isPodOf(pod, name)));
  if (byWorkload.length > 0) return byWorkload;
  const weaker = subject.objects
    .filter((object) => object.kind === 'container' || object.kind === 'service')
    .map((object) => object.name);
  const byContainer = pods.filter((pod) => weaker.some((name) => isPodOf(pod, name)));
  if (byContainer.length > 0) return byContainer;
  if (subject.objects.some((object) => object.kind === 'node' || object.kind === 'claim')) return [];
  return pods.filter((pod) => subject.words.has(pod.name) || subject.words.has(workloadOfPodName(pod.name)));
}

function isPodOf(pod: PodFact, name: string): boolean {
  return belongsTo(pod.name, name) || APP_LABELS.some((label) => pod.labels[label] === name);
}

function belongsTo(objectName: string, name: string): boolean {
  const workload = workloadOfPodName(objectName);
  return objectName === name || workload === name || workload === workloadOfPodName(name);
}

/** True for a pod that is not doing its work now. Finished pods are healthy. */
export function isUnhealthy(pod: PodFact): boolean {
  if (pod.status === 'Completed' || pod.status === 'Succeeded') return false;
  return pod.status !== 'Running' || pod.readyCount < pod.containerCount;
}

/** Pods worth reading: unhealthy ones first, then those with the most restarts. */
export function byTrouble(pods: readonly PodFact[]): PodFact[] {
  return [...pods].sort(
    (a, b) =>
      Number(isUnhealthy(b)) - Number(isUnhealthy(a)) ||
      b.restarts - a.restarts ||
      a.name.localeCompare(b.name),
  );
}

/** True when every pair of the selector is among the labels; an empty selector selects nothing. */
export function selects(selector: Record<string, string>, labels: Record<string, string>): boolean {
  const pairs = Object.entries(selector);
  return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value);
}

function distinct<T>(items: T[]): T[] {
  return [...new Set(items)];
}
