import type { ContainerFact, Facts, PodFact } from '../facts.ts';
import { type Evidence, evidence } from './finding.ts';
import { workloadRef } from './observe.ts';

/** The image of another revision of the same workload, best of one that has ready pods. */
export function findOtherRevision(
  facts: Facts,
  pod: PodFact,
  container: ContainerFact,
): { image: string; evidence: Evidence } | null {
  const workload = workloadRef(pod);
  const revisions = facts.workloads
    .filter(
      (item) =>
        item.kind === 'ReplicaSet' &&
        item.namespace === pod.namespace &&
        item.owner === workload.name &&
        item.name !== pod.owner.name,
    )
    .filter((item) =>
      item.images.some(
        (image) => repository(image) === repository(container.image) && image !== container.image,
      ),
    )
    .sort((a, b) => b.ready - a.ready || b.revision - a.revision);
  const best = revisions[0];
  const image = best?.images.find((item) => repository(item) === repository(container.image));
  if (best && image)
    return {
      image,
      evidence: evidence(
        best.ref,
        best.quote || `ReplicaSet ${best.name}: image ${image}`,
        'another revision of the same workload',
      ),
    };
  return null;
}

/** An image reference without tag and digest. */
export function repository(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^:/]+$/, '');
}
