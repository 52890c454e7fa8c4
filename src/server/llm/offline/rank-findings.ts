import type { Facts, PodFact } from './facts.ts';
import { type Focus, selects } from './focus.ts';
import type { Confidence, Finding, ObjectRef } from './patterns/finding.ts';
import { podRef, workloadRef } from './patterns/observe.ts';

export interface Diagnosis {
  /** The finding that explains the alert best, or null. */
  primary: Finding | null;
  /** Further findings that belong to the same trouble, best first. */
  related: Finding[];
  /** Findings about other things that were seen on the way. */
  unrelated: Finding[];
}

/** Hops from the alert's objects over "explains" and "is selected by" that are still followed. */
const MAX_HOPS = 4;

const WEIGHT: Record<Confidence, number> = { high: 3, medium: 2, low: 1 };

/**
 * Relates findings to the alert: a finding counts when its subject or what it affects is the alert's object, or is
 * reached from it through other findings (a caller, its Service, the Service's pods). Of those the one nearest to a
 * root wins, then the one nearest to the alert, then the most certain.
 */
export function diagnose(findings: Finding[], focus: Focus, facts: Facts): Diagnosis {
  const hops = new Map<Finding, number>();
  const reached = startingPoints(focus, facts);
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    const next = findings.filter(
      (finding) =>
        !hops.has(finding) &&
        [finding.subject, ...finding.affects].some((ref) => inReach(reached, focus, ref)),
    );
    for (const finding of next) hops.set(finding, hop);
    for (const finding of next) for (const ref of widen(finding.subject, facts)) reached.add(keyOf(ref));
  }
  const related = [...hops.keys()].sort(
    (a, b) =>
      b.depth - a.depth ||
      (hops.get(a) ?? 0) - (hops.get(b) ?? 0) ||
      WEIGHT[b.confidence] - WEIGHT[a.confidence] ||
      b.affects.length - a.affects.length,
  );
  const [primary = null, ...rest] = related;
  return { primary, related: rest, unrelated: findings.filter((finding) => !hops.has(finding)) };
}

function startingPoints(focus: Focus, facts: Facts): Set<string> {
  const refs: ObjectRef[] = [
    ...focus.pods.flatMap((pod) => [podRef(pod), workloadRef(pod)]),
    ...focus.services.flatMap((service) =>
      widen({ kind: 'Service', namespace: service.namespace, name: service.name }, facts),
    ),
    ...focus.claims.map((claim) => ({
      kind: 'PersistentVolumeClaim',
      namespace: claim.namespace,
      name: claim.name,
    })),
    ...focus.nodes.map((node) => ({ kind: 'Node', namespace: '', name: node.name })),
    ...focus.workloads.map((item) => ({ kind: item.kind, namespace: item.namespace, name: item.name })),
  ];
  return new Set(refs.map(keyOf));
}

/** Without a named object everything in the alert's namespaces counts; without a namespace, everything. */
function inReach(reached: Set<string>, focus: Focus, ref: ObjectRef): boolean {
  if (reached.has(keyOf(ref))) return true;
  if (focus.specific) return false;
  return focus.namespaces.length === 0 || focus.namespaces.includes(ref.namespace);
}

/** An object and what stands behind it: the pods of a Service, the pods of a workload. */
function widen(ref: ObjectRef, facts: Facts): ObjectRef[] {
  const service =
    ref.kind === 'Service'
      ? facts.services.find((item) => item.namespace === ref.namespace && item.name === ref.name)
      : undefined;
  const pods: PodFact[] = service
    ? facts.pods.filter((pod) => pod.namespace === service.namespace && selects(service.selector, pod.labels))
    : [];
  return [ref, ...pods.flatMap((pod) => [podRef(pod), workloadRef(pod)])];
}

function keyOf(ref: ObjectRef): string {
  return `${ref.kind}/${ref.namespace}/${ref.name}`;
}
