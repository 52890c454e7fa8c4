import type { Facts, PodFact } from './facts.ts';
import { byTrouble, type Focus, isUnhealthy, selects } from './focus.ts';
import type { Lookup } from './known-tools.ts';
import { serviceOfHost } from './log-signatures.ts';
import { isLabelName, isObjectName } from './names.ts';
import { isCrashing, logHits, troubledContainers, workloadRef } from './patterns/observe.ts';
import type { Subject } from './read-alert.ts';
import { LOG_TAIL_LINES, MAX_FOCUS_PODS } from './tunables.ts';

/** A look-up and the reason for it, in words for the reader. */
export interface Step {
  lookup: Lookup;
  why: string;
}

export interface PlanInput {
  subject: Subject;
  focus: Focus;
  facts: Facts;
}

const PULLING = /Image|Pull/;
const NOT_STARTED =
  /^(CreateContainerConfigError|CreateContainerError|ContainerCreating|PodInitializing|ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull)$/;
const WITH_QUOTA = /FailedCreate/;

/**
 * Everything worth knowing given what is known, most important first. Steps whose call was already made are dropped
 * by the caller, so an empty rest means that there is nothing more to ask.
 */
export function planSteps(input: PlanInput): Step[] {
  const steps = [
    ...scopeSteps(input),
    ...nameSteps(input),
    ...podSteps(input),
    ...configSteps(input),
    ...dependencySteps(input),
    ...serviceSteps(input),
    ...storageSteps(input),
    ...schedulingSteps(input),
    ...nodeSteps(input),
    ...workloadSteps(input),
  ];
  return steps.filter((step) => hasValidNames(step.lookup));
}

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

function scopeSteps({ subject, focus, facts }: PlanInput): Step[] {
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
function nameSteps({ subject, focus }: PlanInput): Step[] {
  const namespace = focus.namespaces[0];
  const steps: Step[] = [];
  for (const { kind, name } of subject.objects) {
    if (kind === 'service' && namespace !== undefined) {
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
    if (kind === 'claim' && namespace !== undefined) {
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
    if (clusterWide)
      steps.push({
        lookup: { kind: 'object', apiVersion: 'v1', of: 'Node', name },
        why: `conditions of node ${name}`,
      });
  }
  return steps;
}

/** Pods to read one by one: those of the alert, else the unhealthy ones in its namespaces, plus dependencies' pods. */
export function suspects({ focus, facts }: PlanInput): PodFact[] {
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

function podSteps(input: PlanInput): Step[] {
  return suspects(input).flatMap((pod, index) => readPod(pod, index < 2));
}

/** The pod itself, then the logs of its containers that ended or are not ready. */
function readPod(pod: PodFact, withLogs: boolean): Step[] {
  const { namespace, name } = pod;
  if (!pod.detailed)
    return [
      {
        lookup: { kind: 'pod', namespace, name },
        why: `the containers of pod ${name}, how they ended and what they need`,
      },
    ];
  if (!withLogs) return [];
  return troubledContainers(pod)
    .slice(0, 2)
    .flatMap((container): Step[] => {
      if (NOT_STARTED.test(container.state.reason) && container.restarts === 0) return [];
      const log = {
        kind: 'log',
        namespace,
        pod: name,
        container: container.name,
        tail: LOG_TAIL_LINES,
      } as const;
      const steps: Step[] = [];
      if (container.restarts > 0 || container.lastState.kind === 'terminated') {
        steps.push({
          lookup: { ...log, previous: true },
          why: `what container ${container.name} of ${name} wrote before it ended`,
        });
      }
      steps.push({ lookup: log, why: `what container ${container.name} of ${name} writes now` });
      return steps;
    });
}

/** The Secrets and ConfigMaps that a container takes its configuration from, when it cannot start or ends at once. */
function configSteps(input: PlanInput): Step[] {
  return suspects(input).flatMap((pod) => {
    const events = input.facts.events.filter(
      (event) => event.name === pod.name && /FailedMount|Failed/.test(event.reason),
    );
    const hits = logHits(input.facts, pod).filter(
      (hit) => hit.kind === 'missing_config' || hit.kind === 'missing_file',
    );
    const words = [
      ...events.map((event) => event.message),
      ...hits.map((hit) => hit.line),
      ...pod.containers.map((item) => item.state.message),
    ].join('\n');
    const needed =
      pod.containers.some((item) => item.state.reason === 'CreateContainerConfigError') ||
      hits.length > 0 ||
      /secret|configmap/i.test(words);
    if (!needed) return [];
    const references = pod.containers.flatMap((container) => container.references);
    const told = (text: string) => text !== '' && words.includes(text);
    return references
      .sort(
        (a, b) =>
          Number(told(b.name) || told(b.key) || told(b.env)) -
          Number(told(a.name) || told(a.key) || told(a.env)),
      )
      .slice(0, 4)
      .map(
        (item): Step => ({
          lookup: {
            kind: 'object',
            apiVersion: 'v1',
            of: item.kind,
            namespace: pod.namespace,
            name: item.name,
          },
          why: `whether ${item.kind} ${item.name} exists and has the key that ${pod.name} needs`,
        }),
      );
  });
}

/** One hop to what the pods call: the Service behind a host in a failed connection, and its pods. */
function dependencySteps(input: PlanInput): Step[] {
  const { facts } = input;
  const targets = suspects(input).flatMap((pod) =>
    logHits(facts, pod)
      .filter((hit) => hit.kind === 'connection' || hit.kind === 'dns')
      .flatMap((hit) => serviceOfHost(hit.name, pod.namespace) ?? []),
  );
  const distinct = [
    ...new Map(targets.map((item) => [`${item.namespace}/${item.name}`, item])).values(),
  ].slice(-2);
  return distinct.flatMap(({ namespace, name }): Step[] => {
    const service = facts.services.find((item) => item.namespace === namespace && item.name === name);
    const behind = service
      ? byTrouble(
          facts.pods.filter((pod) => pod.namespace === namespace && selects(service.selector, pod.labels)),
        )
      : [];
    return [
      {
        lookup: { kind: 'object', apiVersion: 'v1', of: 'Service', namespace, name },
        why: `the log shows failed calls to ${name}, so the Service behind that name`,
      },
      {
        lookup: { kind: 'object', apiVersion: 'v1', of: 'Endpoints', namespace, name },
        why: `whether ${name} reaches a pod`,
      },
      { lookup: { kind: 'pods', namespace }, why: `the pods behind ${name}` },
      { lookup: { kind: 'events', namespace }, why: `what Kubernetes reported in ${namespace}` },
      ...behind
        .slice(0, 2)
        .filter((pod, index) => index === 0 || isUnhealthy(pod))
        .flatMap((pod) => readPod(pod, true)),
    ];
  });
}

/** Services that the alert names: one of the pods they select (or the one meant) is read for its ports and probes. */
function serviceSteps({ focus, facts }: PlanInput): Step[] {
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

function storageSteps(input: PlanInput): Step[] {
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

function schedulingSteps(input: PlanInput): Step[] {
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

/** Nodes that evict or are named: their conditions, their use, and the pod that uses most. */
function nodeSteps(input: PlanInput): Step[] {
  const { focus, facts } = input;
  const evictions = facts.events.filter(
    (event) => event.reason === 'Evicted' || event.reason === 'TaintManagerEviction',
  );
  const victims = facts.pods.filter(
    (pod) =>
      pod.status === 'Evicted' ||
      pod.reason === 'Evicted' ||
      /Unknown|NodeLost|Terminating|NodeAffinity/.test(pod.status),
  );
  const concerns =
    focus.nodes.length > 0 ||
    !focus.specific ||
    focus.pods.some(
      (pod) =>
        victims.includes(pod) ||
        evictions.some((event) => event.name === pod.name) ||
        evictions.some(
          (event) => workloadRef(pod).name !== pod.name && event.name.startsWith(`${workloadRef(pod).name}-`),
        ),
    );
  const troubled = facts.nodes
    .filter((node) => node.status !== 'Ready' && !node.detailed)
    .map((node) => node.name);
  if (
    !concerns ||
    (evictions.length === 0 && victims.length === 0 && focus.nodes.length === 0 && troubled.length === 0)
  )
    return [];
  const names = [
    ...new Set([
      ...focus.nodes.map((node) => node.name),
      ...troubled,
      ...victims.map((pod) => pod.node),
      ...focus.pods.map((pod) => pod.node),
    ]),
  ]
    .filter((name) => name !== '')
    .slice(0, 2);
  const steps = names.flatMap((name): Step[] => [
    {
      lookup: { kind: 'object', apiVersion: 'v1', of: 'Node', name },
      why: `conditions and taints of node ${name}`,
    },
    ...victims
      .filter((pod) => pod.node === name && !pod.detailed)
      .slice(0, 1)
      .map(
        (pod): Step => ({
          lookup: { kind: 'pod', namespace: pod.namespace, name: pod.name },
          why: `why ${pod.name} was evicted`,
        }),
      ),
  ]);
  return [
    ...steps,
    { lookup: { kind: 'nodeMetrics' }, why: 'how much of each node is in use' },
    { lookup: { kind: 'podMetrics' }, why: 'which pods use most' },
    { lookup: { kind: 'pods' }, why: 'which pods share the node, in all namespaces' },
    { lookup: { kind: 'events' }, why: 'events of the node and of evictions in all namespaces' },
    ...names
      .flatMap((name) => largestPods(facts, name))
      .map(
        (pod): Step => ({
          lookup: { kind: 'pod', namespace: pod.namespace, name: pod.name },
          why: `request and limit of ${pod.name}, the largest user of memory on ${pod.node}`,
        }),
      ),
  ];
}

function largestPods(facts: Facts, node: string): PodFact[] {
  const use = (pod: PodFact) =>
    facts.podMetrics
      .filter((item) => item.pod === pod.name && item.namespace === pod.namespace)
      .reduce((sum, item) => sum + item.memoryBytes, 0);
  return facts.pods
    .filter((pod) => pod.node === node && use(pod) > 0)
    .sort((a, b) => use(b) - use(a))
    .slice(0, 1);
}

/** The controller: its other revisions for images, memory in use for OOM kills, quotas when it may not create pods. */
function workloadSteps(input: PlanInput): Step[] {
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
    if (facts.events.some((event) => WITH_QUOTA.test(event.reason) && event.namespace === namespace)) {
      steps.push({
        lookup: { kind: 'objects', apiVersion: 'v1', of: 'ResourceQuota', namespace },
        why: 'pods could not be created, so the quotas',
      });
    }
    const listed = facts.listed.some(
      (item) => item.kind === 'Pod' && (item.namespace === namespace || item.namespace === ''),
    );
    if (listed && focus.pods.length === 0 && focus.services.length === 0 && focus.claims.length === 0) {
      for (const of of ['Deployment', 'StatefulSet'] as const) {
        steps.push({
          lookup: { kind: 'objects', apiVersion: 'apps/v1', of, namespace },
          why: `no pod matches the alert, so the ${of}s of ${namespace}`,
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

/** Names come from alerts and tool results; only valid Kubernetes names may become part of a call. */
function hasValidNames(lookup: Lookup): boolean {
  const values = Object.entries(lookup).flatMap(([key, value]) =>
    ['namespace', 'container'].includes(key) && value !== undefined
      ? [isLabelName(String(value))]
      : ['name', 'pod'].includes(key)
        ? [isObjectName(String(value))]
        : [],
  );
  return values.every(Boolean);
}
