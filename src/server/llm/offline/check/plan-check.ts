import { hasValidNames, planTroubleSteps } from '../plan/index.ts';
import type { PlanInput, Step } from '../plan/step.ts';
import type { CheckScope } from './scope.ts';

/** Everything of the scope in lists first; then what the lists show to be wrong, one by one. */
export function planCheck(input: PlanInput, scope: CheckScope, { begun }: { begun: boolean }): Step[] {
  const nodes: Step[] = [
    { lookup: { kind: 'objects', apiVersion: 'v1', of: 'Node' }, why: 'whether the nodes are ready' },
    { lookup: { kind: 'nodeMetrics' }, why: 'whether a node is short of CPU or memory' },
  ];
  // Namespaces that cannot be listed stay unknown: then everything is looked at.
  if (!scope.known && !begun)
    return [
      { lookup: { kind: 'namespaces' }, why: 'which namespaces exist, to match the words of the check' },
      ...nodes,
    ];
  const steps = [
    ...listSteps(scope),
    ...againSteps(input, scope),
    ...nodes,
    ...serviceObjects(input),
    ...planTroubleSteps(input),
  ];
  return steps.filter((step) => hasValidNames(step.lookup));
}

/** A cluster without any pod is none: servers that doubt what they may list answer with one namespace instead of all. */
function againSteps({ facts }: PlanInput, { namespaces }: CheckScope): Step[] {
  const listed = facts.listed.some(({ kind }) => kind === 'Pod');
  if (namespaces.length > 0 || !listed || facts.pods.length > 0) return [];
  return [
    {
      lookup: { kind: 'objects', apiVersion: 'v1', of: 'Pod' },
      why: 'the pods once more: that there are none cannot be',
    },
  ];
}

/** Lists do not print the target ports of Services. */
const serviceObjects = ({ focus }: PlanInput): Step[] =>
  focus.services.map(({ namespace, name }) => ({
    lookup: { kind: 'object', apiVersion: 'v1', of: 'Service', namespace, name },
    why: `selector and ports of Service ${name}, which reaches no pod`,
  }));

/** Several namespaces are read in one list of all. */
function listSteps({ namespaces }: CheckScope): Step[] {
  const [only, ...more] = namespaces;
  const one = only !== undefined && more.length === 0 ? { namespace: only } : {};
  const where = 'namespace' in one ? `namespace ${only}` : 'all namespaces';
  const list = (apiVersion: string, of: string, why: string): Step => ({
    lookup: { kind: 'objects', apiVersion, of, ...one },
    why,
  });
  return [
    { lookup: { kind: 'pods', ...one }, why: `which pods run in ${where} and in what state` },
    { lookup: { kind: 'events', ...one }, why: `what Kubernetes reported in ${where} lately` },
    list('apps/v1', 'Deployment', 'whether every Deployment has the replicas it wants'),
    list('apps/v1', 'StatefulSet', 'whether every StatefulSet has'),
    list('apps/v1', 'DaemonSet', 'whether every DaemonSet has'),
    list('batch/v1', 'Job', 'whether a Job has failed'),
    list('v1', 'PersistentVolumeClaim', 'whether every claim is bound'),
    list('v1', 'Service', 'which Services there are and what they select'),
    list('v1', 'Endpoints', 'whether every Service reaches a pod'),
  ];
}
