import type { Area } from '../read-areas.ts';
import type { PlanInput, Step } from './step.ts';

/** Pods and events of the alert's namespaces, or of all when it names none. */
export function scopeSteps({ subject, focus, facts }: PlanInput): Step[] {
  const named = focus.namespaces.slice(0, 2);
  if (named.length > 0) {
    return named.flatMap((namespace): Step[] => [
      {
        lookup: { kind: 'pods', namespace },
        why: `which pods run in namespace ${namespace} and in what state`,
      },
      { lookup: { kind: 'events', namespace }, why: `what Kubernetes reported in ${namespace} lately` },
    ]);
  }
  const all: Step[] = [
    {
      lookup: { kind: 'pods' },
      why: 'the alert names no namespace for certain, so the pods of all namespaces',
    },
    { lookup: { kind: 'events' }, why: 'what Kubernetes reported lately' },
  ];
  if (facts.namespaces.length > 0 || subject.objects.some((object) => object.kind === 'node')) return all;
  return [
    { lookup: { kind: 'namespaces' }, why: 'which namespaces exist, to match the words of the alert' },
    ...all,
  ];
}

/** The named Service, claim and node themselves, before anything is known about them. */
export function nameSteps({ subject, focus, areas }: PlanInput): Step[] {
  const within = (area: Area) => areas.length === 0 || areas.includes(area);
  const namespace = focus.namespaces[0];
  const steps: Step[] = [];
  for (const { kind, name } of subject.objects) {
    if (kind === 'service' && namespace !== undefined && within('network')) {
      steps.push(
        {
          lookup: { kind: 'object', apiVersion: 'v1', of: 'Service', namespace, name },
          why: `selector and ports of Service ${name}`,
        },
        {
          lookup: { kind: 'object', apiVersion: 'v1', of: 'Endpoints', namespace, name },
          why: `which pods Service ${name} reaches`,
        },
      );
    }
    if (kind === 'claim' && namespace !== undefined && within('storage')) {
      steps.push({
        lookup: { kind: 'object', apiVersion: 'v1', of: 'PersistentVolumeClaim', namespace, name },
        why: `state and class of claim ${name}`,
      });
    }
  }
  const nodes = subject.objects
    .filter((object) => object.kind === 'node' && !/^[\d.]+$/.test(object.name))
    .slice(0, 1);
  const clusterWide = namespace === undefined || focus.nodes.length > 0;
  for (const { name } of nodes) {
    if (clusterWide && within('nodes'))
      steps.push({
        lookup: { kind: 'object', apiVersion: 'v1', of: 'Node', name },
        why: `conditions of node ${name}`,
      });
  }
  return steps;
}
