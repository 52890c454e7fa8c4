import type { EventFact, Facts } from './facts.ts';
import type { Focus } from './focus.ts';
import { workloadOfPodName } from './names.ts';
import { workloadRef } from './patterns/observe.ts';

/** Distinct reports that an analysis quotes at most. */
const MAX_REPORTS = 3;

/**
 * Warnings about the alert's workloads, of pods that are gone too, newest last: where all is well now they tell what was
 * wrong before. A message that says no more than "back-off" is left out.
 */
export function pastTrouble(facts: Facts, focus: Focus): EventFact[] {
  const workloads = new Set(focus.pods.map((pod) => `${pod.namespace}/${workloadRef(pod).name}`));
  const reports = facts.events.filter(
    (event) =>
      event.type === 'Warning' &&
      event.kind === 'Pod' &&
      event.reason !== 'BackOff' &&
      !/^Error: \w+$/.test(event.message) &&
      workloads.has(`${event.namespace}/${workloadOfPodName(event.name)}`),
  );
  // Replicas report the same in the same words; the newest stands for all.
  const distinct = new Map(reports.map((event) => [`${event.reason} ${event.message}`, event]));
  return [...distinct.values()].slice(-MAX_REPORTS);
}
