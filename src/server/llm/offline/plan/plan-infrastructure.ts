import { byTrouble, selects } from '../focus.ts';
import { isCrashing } from '../patterns/observe.ts';
import { LOG_TAIL_LINES } from '../tunables.ts';
import { suspects } from './choose-suspects.ts';
import type { PlanInput, Step } from './step.ts';

const PULLING = /Image|Pull/;

/** Services that the alert names: one of the pods they select (or the one meant) is read for its ports and probes. */
export function serviceSteps({ focus, facts }: PlanInput): Step[] {
  return focus.services.flatMap((service): Step[] => {
    const { namespace, name } = service;
    const selected = byTrouble(
      facts.pods.filter((pod) => pod.namespace === namespace && selects(service.selector, pod.labels)),
    );
    const pod = selected[0];
    const steps: Step[] = [
      {
        lookup: {
          kind: 'objects',
          apiVersion: 'discovery.k8s.io/v1',
          of: 'EndpointSlice',
          namespace,
          labelSelector: `kubernetes.io/service-name=${name}`,
        },
        why: `the endpoint slices of Service ${name}`,
      },
    ];
    if (pod?.detailed) {
      const [container] = pod.containers.filter((item) => !item.init);
      if (container?.state.kind === 'running') {
        steps.push({
          lookup: { kind: 'log', namespace, pod: pod.name, container: container.name, tail: LOG_TAIL_LINES },
          why: `on which port ${pod.name} listens`,
        });
      }
    }
    if (selected.length === 0) {
      steps.push({
        lookup: { kind: 'objects', apiVersion: 'apps/v1', of: 'Deployment', namespace },
        why: `the selector of ${name} matches no pod, so which workloads there are`,
      });
    }
    return steps;
  });
}

/** Claims of pods that wait, and what could satisfy them. */
export function storageSteps(input: PlanInput): Step[] {
  const { facts, focus } = input;
  const wanted = suspects(input).filter(
    (pod) => pod.status === 'Pending' || pod.status === 'ContainerCreating',
  );
  const steps = wanted.flatMap((pod) =>
    pod.claims.map(
      (name): Step => ({
        lookup: {
          kind: 'object',
          apiVersion: 'v1',
          of: 'PersistentVolumeClaim',
          namespace: pod.namespace,
          name,
        },
        why: `claim ${name}, which ${pod.name} mounts`,
      }),
    ),
  );
  const pending = facts.claims.filter(
    (claim) =>
      claim.phase === 'Pending' &&
      (focus.claims.includes(claim) ||
        wanted.some((pod) => pod.claims.includes(claim.name)) ||
        !focus.specific),
  );
  if (pending.length === 0) return steps;
  return [
    ...steps,
    {
      lookup: { kind: 'objects', apiVersion: 'storage.k8s.io/v1', of: 'StorageClass' },
      why: 'which storage classes the cluster has',
    },
    {
      lookup: { kind: 'objects', apiVersion: 'v1', of: 'PersistentVolume' },
      why: 'which volumes exist and are free',
    },
    ...pending
      .slice(0, 1)
      .flatMap((claim) =>
        [
          ...new Set(
            facts.pods.filter((pod) => pod.namespace === claim.namespace && pod.status === 'Pending'),
          ),
        ].slice(0, 2),
      )
      .filter((pod) => !pod.detailed)
      .map(
        (pod): Step => ({
          lookup: { kind: 'pod', namespace: pod.namespace, name: pod.name },
          why: `whether ${pod.name} waits for the claim`,
        }),
      ),
  ];
}

/** The nodes, when a pod is not scheduled. */
export function schedulingSteps(input: PlanInput): Step[] {
  const stuck = suspects(input).some(
    (pod) => pod.status === 'Pending' && pod.node === '' && pod.claims.length === 0 && pod.detailed,
  );
  return stuck
    ? [
        {
          lookup: { kind: 'objects', apiVersion: 'v1', of: 'Node' },
          why: 'a pod is not scheduled, so the nodes',
        },
        { lookup: { kind: 'nodeMetrics' }, why: 'how much of the nodes is in use' },
      ]
    : [];
}

/** The controller: its other revisions for images, memory in use for OOM kills, quotas when it may not create pods. */
export function workloadSteps(input: PlanInput): Step[] {
  const { focus, facts } = input;
  const steps: Step[] = [];
  for (const pod of suspects(input).slice(0, 2)) {
    const { namespace } = pod;
    const killed = pod.containers.some(
      (item) => item.lastState.reason === 'OOMKilled' || item.state.reason === 'OOMKilled',
    );
    if (killed)
      steps.push({ lookup: { kind: 'podMetrics', namespace }, why: 'how much memory the pods use now' });
    const pulling = pod.containers.some(
      (item) => item.state.kind === 'waiting' && PULLING.test(item.state.reason),
    );
    if (pulling || pod.containers.some(isCrashing)) {
      steps.push({
        lookup: { kind: 'objects', apiVersion: 'apps/v1', of: 'ReplicaSet', namespace },
        why: 'whether another revision of the workload runs, and with which image',
      });
    }
  }
  for (const namespace of focus.namespaces.slice(0, 1)) {
    if (facts.events.some((event) => event.reason === 'FailedCreate' && event.namespace === namespace)) {
      steps.push({
        lookup: { kind: 'objects', apiVersion: 'v1', of: 'ResourceQuota', namespace },
        why: 'pods could not be created, so the quotas',
      });
    }
    const listed = facts.listed.some(
      (item) => item.kind === 'Pod' && (item.namespace === namespace || item.namespace === ''),
    );
    if (listed && focus.pods.length === 0 && focus.services.length === 0 && focus.claims.length === 0) {
      for (const kind of ['Deployment', 'StatefulSet'] as const) {
        steps.push({
          lookup: { kind: 'objects', apiVersion: 'apps/v1', of: kind, namespace },
          why: `no pod matches the alert, so the ${kind}s of ${namespace}`,
        });
      }
      steps.push({
        lookup: { kind: 'objects', apiVersion: 'batch/v1', of: 'Job', namespace },
        why: `the Jobs of ${namespace}`,
      });
    }
  }
  return steps;
}
