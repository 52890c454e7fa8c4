import type { Facts, WorkloadFact } from './facts.ts';
import { dig, isRecord, list, num, str, texts } from './json-access.ts';
import { podFromObject, readConditions } from './parse-pod.ts';
import { readPolicy } from './read-policy.ts';
import { readTemplate } from './read-template.ts';

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob']);

/** Adds what one complete object says to the facts. Kinds that no pattern uses are ignored. */
export function addObject(facts: Facts, object: Record<string, unknown>, ref: string): void {
  const kind = str(object, 'kind');
  const namespace = str(object, 'metadata', 'namespace');
  const name = str(object, 'metadata', 'name');
  if (name === '') return;
  if (WORKLOADS.has(kind)) {
    facts.workloads.push(readWorkload(object, ref));
    return;
  }
  switch (kind) {
    case 'Pod':
      facts.pods.push(podFromObject(object, ref));
      return;
    case 'Namespace':
      facts.namespaces.push(name);
      return;
    case 'Secret':
    case 'ConfigMap':
      facts.configs.push({ ref, kind, namespace, name, keys: configKeys(object) });
      return;
    case 'Service':
      facts.services.push({
        ref,
        namespace,
        name,
        type: str(object, 'spec', 'type'),
        selector: texts(object, 'spec', 'selector'),
        ports: list(object, 'spec', 'ports').map((port) => ({
          name: str(port, 'name'),
          port: num(port, 'port') ?? 0,
          targetPort: str(port, 'targetPort') || str(port, 'port'),
          protocol: str(port, 'protocol') || 'TCP',
        })),
        detailed: true,
        quote: '',
      });
      return;
    case 'Endpoints':
      facts.endpoints.push({ ref, namespace, service: name, ...countSubsets(object) });
      return;
    case 'EndpointSlice':
      facts.endpoints.push({ ref, namespace, ...countSlice(object) });
      return;
    default:
      addStorageOrNode(facts, kind, object, ref);
  }
}

function addStorageOrNode(facts: Facts, kind: string, object: Record<string, unknown>, ref: string): void {
  const namespace = str(object, 'metadata', 'namespace');
  const name = str(object, 'metadata', 'name');
  switch (kind) {
    case 'PersistentVolumeClaim':
      facts.claims.push({
        ref,
        namespace,
        name,
        phase: str(object, 'status', 'phase'),
        storageClass: str(object, 'spec', 'storageClassName'),
        volumeName: str(object, 'spec', 'volumeName'),
        accessModes: list(object, 'spec', 'accessModes').map((mode) => String(mode)),
        request: str(object, 'spec', 'resources', 'requests', 'storage'),
        quote: `storageClassName: ${str(object, 'spec', 'storageClassName') || '(none)'}, phase: ${str(object, 'status', 'phase')}`,
      });
      return;
    case 'PersistentVolume':
      facts.volumes.push({
        ref,
        name,
        phase: str(object, 'status', 'phase'),
        storageClass: str(object, 'spec', 'storageClassName'),
        capacity: str(object, 'spec', 'capacity', 'storage'),
        quote: `${name}: ${str(object, 'status', 'phase')}`,
      });
      return;
    case 'StorageClass':
      facts.storageClasses.push({
        ref,
        name,
        provisioner: str(object, 'provisioner'),
        bindingMode: str(object, 'volumeBindingMode'),
        isDefault: str(object, 'metadata', 'annotations', DEFAULT_CLASS) === 'true',
        quote: `${name} (${str(object, 'provisioner')})`,
      });
      return;
    case 'ResourceQuota':
      facts.quotas.push({ ref, namespace, name, quote: quotaLine(object) });
      return;
    case 'NetworkPolicy':
      facts.policies.push(readPolicy(object, ref));
      return;
    case 'Node':
      facts.nodes.push(readNode(object, ref));
      return;
  }
}

function readNode(object: Record<string, unknown>, ref: string): Facts['nodes'][number] {
  const conditions = readConditions(object);
  const ready = conditions.find((condition) => condition.type === 'Ready');
  return {
    ref,
    name: str(object, 'metadata', 'name'),
    status: ready?.status === 'True' ? 'Ready' : ready ? 'NotReady' : 'Unknown',
    conditions,
    taints: list(object, 'spec', 'taints').map((taint) => ({
      key: str(taint, 'key'),
      effect: str(taint, 'effect'),
      value: str(taint, 'value'),
    })),
    unschedulable: dig(object, 'spec', 'unschedulable') === true,
    allocatable: texts(object, 'status', 'allocatable'),
    labels: texts(object, 'metadata', 'labels'),
    detailed: true,
    quote: '',
  };
}

function readWorkload(object: Record<string, unknown>, ref: string): WorkloadFact {
  const kind = str(object, 'kind');
  const template =
    kind === 'CronJob'
      ? dig(object, 'spec', 'jobTemplate', 'spec', 'template')
      : dig(object, 'spec', 'template');
  const owner = list(object, 'metadata', 'ownerReferences')[0];
  const daemon = kind === 'DaemonSet';
  return {
    ref,
    kind,
    namespace: str(object, 'metadata', 'namespace'),
    name: str(object, 'metadata', 'name'),
    desired:
      num(object, 'status', 'desiredNumberScheduled') ??
      num(object, 'spec', 'replicas') ??
      num(object, 'spec', 'completions') ??
      1,
    ready: num(object, 'status', daemon ? 'numberReady' : 'readyReplicas') ?? 0,
    updated: num(object, 'status', daemon ? 'updatedNumberScheduled' : 'updatedReplicas') ?? 0,
    images: list(template, 'spec', 'containers').map((container) => str(container, 'image')),
    template: readTemplate(object, template),
    labels: texts(object, 'metadata', 'labels'),
    selector: texts(object, 'spec', 'selector', 'matchLabels'),
    owner: str(owner, 'name'),
    revision: Number(str(object, 'metadata', 'annotations', 'deployment.kubernetes.io/revision')) || 0,
    conditions: readConditions(object),
    failed: num(object, 'status', 'failed') ?? 0,
    succeeded: num(object, 'status', 'succeeded') ?? 0,
    detailed: true,
    quote: '',
  };
}

function configKeys(object: Record<string, unknown>): string[] {
  return ['data', 'binaryData', 'stringData'].flatMap((field) => {
    const body = object[field];
    return isRecord(body) ? Object.keys(body) : [];
  });
}

function countSubsets(object: unknown): { ready: number; notReady: number; quote: string } {
  let ready = 0;
  let notReady = 0;
  for (const subset of list(object, 'subsets')) {
    ready += list(subset, 'addresses').length;
    notReady += list(subset, 'notReadyAddresses').length;
  }
  return { ready, notReady, quote: `${ready} ready and ${notReady} not ready addresses` };
}

function countSlice(object: unknown): { service: string; ready: number; notReady: number; quote: string } {
  const endpoints = list(object, 'endpoints');
  const ready = endpoints.filter((endpoint) => dig(endpoint, 'conditions', 'ready') !== false).length;
  // A slice whose port list is empty serves nothing: that is how an unresolved named target port shows.
  const served = list(object, 'ports').length === 0 ? 0 : ready;
  const service = str(object, 'metadata', 'labels', 'kubernetes.io/service-name');
  return {
    service,
    ready: served,
    notReady: endpoints.length - ready,
    quote: `${served} ready of ${endpoints.length} endpoints`,
  };
}

function quotaLine(object: unknown): string {
  const hard = texts(object, 'status', 'hard');
  const used = texts(object, 'status', 'used');
  return Object.keys(hard)
    .map((key) => `${key}: ${used[key] ?? '0'} of ${hard[key]}`)
    .join(', ');
}
