import { byTrouble } from '../focus.ts';
import type { Lookup } from '../known-tools.ts';
import { isLabelName, isObjectName } from '../names.ts';
import type { Area } from '../read-areas.ts';
import { LOG_TAIL_LINES } from '../tunables.ts';
import { schedulingSteps, serviceSteps, storageSteps, workloadSteps } from './plan-infrastructure.ts';
import { nodeSteps } from './plan-nodes.ts';
import { configSteps, dependencySteps, podSteps, policySteps } from './plan-pods.ts';
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
export function planTroubleSteps(input: PlanInput): Step[] {
  const within = (area: Area, plan: (input: PlanInput) => Step[]) =>
    isWithin(input, area) ? plan(input) : [];
  // Whether a Service fits its pods is a question of the network, and needs one of them.
  const readsPods = isWithin(input, 'workloads') || input.focus.services.length > 0;
  return [
    ...(readsPods ? podSteps(input) : []),
    ...within('workloads', configSteps),
    ...within('workloads', dependencySteps),
    ...within('network', serviceSteps),
    ...within('network', policySteps),
    ...within('storage', storageSteps),
    ...within('nodes', schedulingSteps),
    ...within('nodes', nodeSteps),
    ...within('workloads', workloadSteps),
  ];
}

/** A last look over the namespace when nothing explains the alert so far. */
export function sweepSteps(input: PlanInput): Step[] {
  const { focus, facts } = input;
  const namespace = focus.namespaces[0];
  const scope = namespace === undefined ? {} : { namespace };
  const where = namespace ?? 'the cluster';
  const pods = byTrouble(
    focus.pods.length > 0 ? focus.pods : facts.pods.filter((pod) => pod.restarts > 0),
  ).slice(0, 1);
  const steps: [Area, Step][] = [
    ...pods.map((pod): [Area, Step] => [
      'workloads',
      {
        lookup: { kind: 'log', namespace: pod.namespace, pod: pod.name, tail: LOG_TAIL_LINES },
        why: `what ${pod.name} writes now`,
      },
    ]),
    [
      'workloads',
      {
        lookup: { kind: 'objects', apiVersion: 'apps/v1', of: 'Deployment', ...scope },
        why: `whether every Deployment in ${where} has the replicas it wants`,
      },
    ],
    [
      'storage',
      {
        lookup: { kind: 'objects', apiVersion: 'v1', of: 'PersistentVolumeClaim', ...scope },
        why: 'whether every claim is bound',
      },
    ],
    [
      'network',
      {
        lookup: { kind: 'objects', apiVersion: 'v1', of: 'Service', ...scope },
        why: 'which Services there are and what they select',
      },
    ],
    [
      'network',
      {
        lookup: { kind: 'objects', apiVersion: 'v1', of: 'Endpoints', ...scope },
        why: 'whether every Service reaches a pod',
      },
    ],
    [
      'nodes',
      { lookup: { kind: 'objects', apiVersion: 'v1', of: 'Node' }, why: 'whether the nodes are ready' },
    ],
    ['nodes', { lookup: { kind: 'nodeMetrics' }, why: 'whether a node is short of CPU or memory' }],
  ];
  return steps.flatMap(([area, step]) => (isWithin(input, area) && hasValidNames(step.lookup) ? [step] : []));
}

const isWithin = ({ areas }: PlanInput, area: Area): boolean => areas.length === 0 || areas.includes(area);

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
