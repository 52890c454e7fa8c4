import { byTrouble } from '../focus.ts';
import type { Lookup } from '../known-tools.ts';
import { isLabelName, isObjectName } from '../names.ts';
import { LOG_TAIL_LINES } from '../tunables.ts';
import { schedulingSteps, serviceSteps, storageSteps, workloadSteps } from './plan-infrastructure.ts';
import { nodeSteps } from './plan-nodes.ts';
import { configSteps, dependencySteps, podSteps } from './plan-pods.ts';
import { nameSteps, scopeSteps } from './plan-scope.ts';
import type { PlanInput, Step } from './step.ts';

/**
 * Everything worth knowing given what is known, most important first. Steps whose call was already made are dropped
 * by the caller, so an empty rest means that there is nothing more to ask.
 */
export function planSteps(input: PlanInput): Step[] {
  const steps = [...scopeSteps(input), ...nameSteps(input), ...planTroubleSteps(input)];
  return steps.filter((step) => hasValidNames(step.lookup));
}

/** What follows from trouble that lists have shown. */
export const planTroubleSteps = (input: PlanInput): Step[] => [
  ...podSteps(input),
  ...configSteps(input),
  ...dependencySteps(input),
  ...serviceSteps(input),
  ...storageSteps(input),
  ...schedulingSteps(input),
  ...nodeSteps(input),
  ...workloadSteps(input),
];

/** A last look over the namespace when nothing explains the alert so far. */
export function sweepSteps({ focus, facts }: PlanInput): Step[] {
  const namespace = focus.namespaces[0];
  const scope = namespace === undefined ? {} : { namespace };
  const where = namespace ?? 'the cluster';
  const pods = byTrouble(
    focus.pods.length > 0 ? focus.pods : facts.pods.filter((pod) => pod.restarts > 0),
  ).slice(0, 1);
  const steps: Step[] = [
    ...pods.map(
      (pod): Step => ({
        lookup: { kind: 'log', namespace: pod.namespace, pod: pod.name, tail: LOG_TAIL_LINES },
        why: `what ${pod.name} writes now`,
      }),
    ),
    {
      lookup: { kind: 'objects', apiVersion: 'apps/v1', of: 'Deployment', ...scope },
      why: `whether every Deployment in ${where} has the replicas it wants`,
    },
    {
      lookup: { kind: 'objects', apiVersion: 'v1', of: 'PersistentVolumeClaim', ...scope },
      why: 'whether every claim is bound',
    },
    {
      lookup: { kind: 'objects', apiVersion: 'v1', of: 'Service', ...scope },
      why: 'which Services there are and what they select',
    },
    {
      lookup: { kind: 'objects', apiVersion: 'v1', of: 'Endpoints', ...scope },
      why: 'whether every Service reaches a pod',
    },
    { lookup: { kind: 'objects', apiVersion: 'v1', of: 'Node' }, why: 'whether the nodes are ready' },
    { lookup: { kind: 'nodeMetrics' }, why: 'whether a node is short of CPU or memory' },
  ];
  return steps.filter((step) => hasValidNames(step.lookup));
}

/** Names come from alerts and tool results; only valid Kubernetes names may become part of a call. */
export function hasValidNames(lookup: Lookup): boolean {
  const values = Object.entries(lookup).flatMap(([key, value]) =>
    ['namespace', 'container'].includes(key) && value !== undefined
      ? [isLabelName(String(value))]
      : ['name', 'pod'].includes(key)
        ? [isObjectName(String(value))]
        : [],
  );
  return values.every(Boolean);
}
