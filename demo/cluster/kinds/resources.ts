import type { Resource } from './schema.ts';

/** What discovery says about one resource, and what routes need to know. */
export interface ResourceInfo {
  resource: Resource;
  kind: string;
  singular: string;
  group: string;
  version: string;
  namespaced: boolean;
  shortNames: string[];
  categories: string[];
  subresources: ('status' | 'scale' | 'log')[];
}

function info(
  resource: Resource,
  kind: string,
  groupVersion: string,
  options: Partial<Pick<ResourceInfo, 'namespaced' | 'shortNames' | 'categories' | 'subresources'>> = {},
): ResourceInfo {
  const [first, second] = groupVersion.split('/');
  return {
    resource,
    kind,
    singular: kind.toLowerCase(),
    group: second === undefined ? '' : (first ?? ''),
    version: second ?? first ?? 'v1',
    namespaced: options.namespaced ?? true,
    shortNames: options.shortNames ?? [],
    categories: options.categories ?? [],
    subresources: options.subresources ?? [],
  };
}

const all = ['all'];

export const resourceInfos: ResourceInfo[] = [
  info('namespaces', 'Namespace', 'v1', { namespaced: false, shortNames: ['ns'], subresources: ['status'] }),
  info('nodes', 'Node', 'v1', { namespaced: false, shortNames: ['no'], subresources: ['status'] }),
  info('pods', 'Pod', 'v1', { shortNames: ['po'], categories: all, subresources: ['log', 'status'] }),
  info('services', 'Service', 'v1', { shortNames: ['svc'], categories: all, subresources: ['status'] }),
  info('endpoints', 'Endpoints', 'v1', { shortNames: ['ep'] }),
  info('configmaps', 'ConfigMap', 'v1', { shortNames: ['cm'] }),
  info('secrets', 'Secret', 'v1'),
  info('serviceaccounts', 'ServiceAccount', 'v1', { shortNames: ['sa'] }),
  info('persistentvolumes', 'PersistentVolume', 'v1', {
    namespaced: false,
    shortNames: ['pv'],
    subresources: ['status'],
  }),
  info('persistentvolumeclaims', 'PersistentVolumeClaim', 'v1', {
    shortNames: ['pvc'],
    subresources: ['status'],
  }),
  info('events', 'Event', 'v1', { shortNames: ['ev'] }),
  info('resourcequotas', 'ResourceQuota', 'v1', { shortNames: ['quota'], subresources: ['status'] }),
  info('deployments', 'Deployment', 'apps/v1', {
    shortNames: ['deploy'],
    categories: all,
    subresources: ['status', 'scale'],
  }),
  info('replicasets', 'ReplicaSet', 'apps/v1', {
    shortNames: ['rs'],
    categories: all,
    subresources: ['status', 'scale'],
  }),
  info('statefulsets', 'StatefulSet', 'apps/v1', {
    shortNames: ['sts'],
    categories: all,
    subresources: ['status', 'scale'],
  }),
  info('daemonsets', 'DaemonSet', 'apps/v1', {
    shortNames: ['ds'],
    categories: all,
    subresources: ['status'],
  }),
  info('jobs', 'Job', 'batch/v1', { categories: all, subresources: ['status'] }),
  info('cronjobs', 'CronJob', 'batch/v1', { shortNames: ['cj'], categories: all, subresources: ['status'] }),
  info('ingresses', 'Ingress', 'networking.k8s.io/v1', { shortNames: ['ing'], subresources: ['status'] }),
  info('networkpolicies', 'NetworkPolicy', 'networking.k8s.io/v1', { shortNames: ['netpol'] }),
  info('storageclasses', 'StorageClass', 'storage.k8s.io/v1', { namespaced: false, shortNames: ['sc'] }),
  info('horizontalpodautoscalers', 'HorizontalPodAutoscaler', 'autoscaling/v2', {
    shortNames: ['hpa'],
    categories: all,
    subresources: ['status'],
  }),
  info('poddisruptionbudgets', 'PodDisruptionBudget', 'policy/v1', {
    shortNames: ['pdb'],
    subresources: ['status'],
  }),
  info('endpointslices', 'EndpointSlice', 'discovery.k8s.io/v1'),
];

/** Events are also served by their newer group, from the same objects. */
export const eventsGroupInfo: ResourceInfo = info('events', 'Event', 'events.k8s.io/v1', {
  shortNames: ['ev'],
});

const byResource = new Map(resourceInfos.map((entry) => [entry.resource, entry]));

/** The registered facts of a resource. */
export function infoOf(resource: Resource): ResourceInfo {
  const found = byResource.get(resource);
  if (!found) throw new Error(`resource ${resource} is not registered`);
  return found;
}

/** `apps/v1`, or `v1` for the core group. */
export function groupVersionOf(entry: ResourceInfo): string {
  return entry.group === '' ? entry.version : `${entry.group}/${entry.version}`;
}
