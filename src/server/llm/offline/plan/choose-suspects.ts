import type { PodFact } from '../facts.ts';
import { byTrouble, isUnhealthy, selects } from '../focus.ts';
import { workloadRef } from '../patterns/observe.ts';
import { MAX_CHECKED_PODS, MAX_FOCUS_PODS } from '../tunables.ts';
import type { PlanInput } from './step.ts';

/** Pods to read one by one: those of the alert, else the unhealthy ones in its namespaces, plus dependencies' pods. */
export function suspects({ focus, facts, isSuspect }: PlanInput): PodFact[] {
  if (isSuspect) return onePerWorkload(byTrouble(facts.pods.filter(isSuspect))).slice(0, MAX_CHECKED_PODS);
  const inScope = (pod: PodFact) => focus.namespaces.length === 0 || focus.namespaces.includes(pod.namespace);
  const selected = facts.pods.filter((pod) =>
    focus.services.some(
      (service) => service.namespace === pod.namespace && selects(service.selector, pod.labels),
    ),
  );
  const own = focus.pods.length > 0 ? focus.pods : selected;
  if (own.length > 0) return byTrouble(own).slice(0, MAX_FOCUS_PODS);
  if (focus.specific) return [];
  return onePerWorkload(
    byTrouble(facts.pods.filter((pod) => inScope(pod) && (isUnhealthy(pod) || pod.restarts > 0))),
  ).slice(0, MAX_FOCUS_PODS);
}

function onePerWorkload(pods: PodFact[]): PodFact[] {
  const seen = new Set<string>();
  return pods.filter((pod) => {
    const { namespace, name } = workloadRef(pod);
    const first = !seen.has(`${namespace}/${name}`);
    seen.add(`${namespace}/${name}`);
    return first;
  });
}
