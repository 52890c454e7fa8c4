import type { Facts, NodeFact, PodFact, ServiceFact, WorkloadFact } from '../facts.ts';
import { isUnhealthy, selects } from '../focus.ts';
import type { Finding, ObjectRef } from '../patterns/finding.ts';
import { podRef, workloadRef } from '../patterns/observe.ts';
import { LATELY_S, STARTING_S } from '../tunables.ts';
import { timesOf } from './pod-times.ts';

/** What is wrong now, as opposed to what was: only that is a check's business. */

/** Not doing its work, or between two crashes. One that was just created and has not failed yet is starting. */
export function isTroubled(pod: PodFact): boolean {
  const { restartedS, ageS } = timesOf(pod);
  if (pod.restarts > 0 && restartedS !== null && restartedS < LATELY_S) return true;
  const isStarting =
    ageS !== null &&
    ageS < STARTING_S &&
    pod.restarts === 0 &&
    /^(Running|Pending|ContainerCreating|PodInitializing)$/.test(pod.status);
  return isUnhealthy(pod) && !isStarting;
}

export const isBadNode = (node: NodeFact): boolean =>
  !/^Ready(,|$)/.test(node.status) ||
  node.conditions.some(({ type, status }) => type !== 'Ready' && status === 'True');

/** Fewer pods than wanted. Jobs and the parts of other workloads count by themselves. */
export const isShort = (workload: WorkloadFact): boolean =>
  ['Deployment', 'StatefulSet', 'DaemonSet'].includes(workload.kind) && workload.ready < workload.desired;

/** Whether something that the finding is about is in trouble now. */
export function isCurrent(finding: Finding, facts: Facts): boolean {
  return [finding.subject, ...finding.affects].some((ref) => isTroubledRef(ref, facts));
}

function isTroubledRef(ref: ObjectRef, facts: Facts): boolean {
  const same = (item: { namespace: string; name: string }) =>
    item.namespace === ref.namespace && item.name === ref.name;
  switch (ref.kind) {
    case 'Node':
      return facts.nodes.some((node) => node.name === ref.name && isBadNode(node));
    case 'Pod':
      return facts.pods.some((pod) => same(pod) && isTroubled(pod));
    case 'PersistentVolumeClaim':
      return facts.claims.some((claim) => same(claim) && claim.phase !== 'Bound');
    case 'Service':
      return facts.services.some((service) => same(service) && reachesNobody(service, facts));
    case 'Job':
      return facts.workloads.some((item) => item.kind === 'Job' && same(item));
    default:
      return (
        facts.workloads.some((item) => item.kind === ref.kind && same(item) && isShort(item)) ||
        facts.pods.some((pod) => isTroubled(pod) && sameRef(workloadRef(pod), ref))
      );
  }
}

/** A Service without endpoints whose workload is not scaled to zero on purpose. */
export function reachesNobody(service: ServiceFact, facts: Facts): boolean {
  const isEmpty = facts.endpoints.some(
    (item) => item.namespace === service.namespace && item.service === service.name && item.ready === 0,
  );
  const isIdle = facts.workloads.some(
    (item) =>
      item.namespace === service.namespace &&
      item.kind !== 'ReplicaSet' &&
      item.desired === 0 &&
      (selects(service.selector, item.selector) || item.name === service.name),
  );
  return isEmpty && !isIdle;
}

export const sameRef = (a: ObjectRef, b: ObjectRef): boolean =>
  a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;

/** Every object that a finding speaks of, pods with their workloads. */
export const refsOf = (finding: Finding, facts: Facts): ObjectRef[] =>
  [finding.subject, ...finding.affects].flatMap((ref) => {
    const pod = ref.kind === 'Pod' ? facts.pods.find((item) => sameRef(podRef(item), ref)) : undefined;
    return pod ? [ref, workloadRef(pod)] : [ref];
  });
