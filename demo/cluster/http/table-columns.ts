import { formatAge, fromTimestamp } from '../clock.ts';
import type { KindMap, Resource } from '../kinds/schema.ts';
import { fieldValue } from '../selectors.ts';
import { ingressAddresses, ingressHosts, podSelectorText, quotaUse, scalerTargets } from './table-cells.ts';
import { describePodStatus, podRow } from './table-pods.ts';

/** A column; priority 1 shows with `-o wide` only. */
export interface Column<K extends Resource> {
  name: string;
  priority?: 1;
  value: (object: KindMap[K], nowMs: number) => string | number;
}

type Columns = { [K in Resource]?: Column<K>[] };

function age(object: { metadata: { creationTimestamp: string } }, nowMs: number): string {
  return formatAge(fromTimestamp(object.metadata.creationTimestamp), nowMs);
}

const none = (text: string | undefined | null) => (text ? text : '<none>');
const keysOf = (map: Record<string, string> | null | undefined) =>
  none(
    Object.entries(map ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
  );
const ratio = (ready: number | undefined, wanted: number) => `${ready ?? 0}/${wanted}`;
const images = (spec: { containers: { image: string }[] }) =>
  spec.containers.map((entry) => entry.image).join(',');
const names = (spec: { containers: { name: string }[] }) =>
  spec.containers.map((entry) => entry.name).join(',');

const MODES: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};
const modes = (list: unknown) =>
  Array.isArray(list) ? list.map((mode) => MODES[String(mode)] ?? String(mode)).join(',') : '';

function servicePorts(service: KindMap['services']): string {
  const list = (service.spec.ports ?? []).map(
    (port) => `${port.port}${port.nodePort ? `:${port.nodePort}` : ''}/${port.protocol ?? 'TCP'}`,
  );
  return none(list.join(','));
}

function endpointList(endpoints: KindMap['endpoints']): string {
  const list = (endpoints.subsets ?? []).flatMap((subset) =>
    (subset.ports ?? []).flatMap((port) =>
      (subset.addresses ?? []).map((address) => `${address.ip}:${port.port}`),
    ),
  );
  return none(list.slice(0, 3).join(',') + (list.length > 3 ? ` + ${list.length - 3} more...` : ''));
}

function nodeStatus(node: KindMap['nodes']): string {
  const ready = node.status.conditions.find((condition) => condition.type === 'Ready')?.status;
  const text = ready === 'True' ? 'Ready' : ready === undefined ? 'Unknown' : 'NotReady';
  return node.spec.unschedulable ? `${text},SchedulingDisabled` : text;
}

function nodeRoles(node: KindMap['nodes']): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(node.metadata.labels ?? {}).filter((key) => key.startsWith(prefix));
  return none(roles.map((key) => key.slice(prefix.length)).join(','));
}

function eventObject(event: KindMap['events']): string {
  return `${(event.involvedObject.kind ?? '').toLowerCase()}/${event.involvedObject.name ?? ''}`;
}

function jobStatus(job: KindMap['jobs']): string {
  const has = (type: string) =>
    job.status.conditions?.some((entry) => entry.type === type && entry.status === 'True');
  return has('Complete') ? 'Complete' : has('Failed') ? 'Failed' : 'Running';
}

/** Columns after NAME, before AGE (added where `ageLast`). They follow the printers of Kubernetes itself. */
export const tableColumns: Columns = {
  pods: [
    { name: 'Ready', value: (pod) => podRow(pod).ready },
    { name: 'Status', value: (pod) => describePodStatus(pod) },
    { name: 'Restarts', value: (pod, nowMs) => podRow(pod, nowMs).restarts },
    { name: 'Age', value: age },
    { name: 'IP', priority: 1, value: (pod) => none(pod.status.podIP) },
    { name: 'Node', priority: 1, value: (pod) => none(pod.spec.nodeName) },
    { name: 'Nominated Node', priority: 1, value: () => '<none>' },
    { name: 'Readiness Gates', priority: 1, value: () => '<none>' },
  ],
  nodes: [
    { name: 'Status', value: nodeStatus },
    { name: 'Roles', value: nodeRoles },
    { name: 'Age', value: age },
    { name: 'Version', value: (node) => node.status.nodeInfo.kubeletVersion ?? '' },
    {
      name: 'Internal-IP',
      priority: 1,
      value: (node) => none(node.status.addresses.find((entry) => entry.type === 'InternalIP')?.address),
    },
    { name: 'External-IP', priority: 1, value: () => '<none>' },
    { name: 'OS-Image', priority: 1, value: (node) => node.status.nodeInfo.osImage ?? '' },
    { name: 'Kernel-Version', priority: 1, value: (node) => node.status.nodeInfo.kernelVersion ?? '' },
    {
      name: 'Container-Runtime',
      priority: 1,
      value: (node) => node.status.nodeInfo.containerRuntimeVersion ?? '',
    },
  ],
  namespaces: [
    { name: 'Status', value: (object) => object.status.phase },
    { name: 'Age', value: age },
  ],
  services: [
    { name: 'Type', value: (service) => service.spec.type ?? 'ClusterIP' },
    { name: 'Cluster-IP', value: (service) => none(service.spec.clusterIP) },
    { name: 'External-IP', value: (service) => none(service.spec.externalName) },
    { name: 'Port(s)', value: servicePorts },
    { name: 'Age', value: age },
    { name: 'Selector', priority: 1, value: (service) => keysOf(service.spec.selector) },
  ],
  endpoints: [
    { name: 'Endpoints', value: endpointList },
    { name: 'Age', value: age },
  ],
  endpointslices: [
    { name: 'AddressType', value: (slice) => slice.addressType },
    { name: 'Ports', value: (slice) => (slice.ports ?? []).map((port) => port.port).join(',') || '<unset>' },
    {
      name: 'Endpoints',
      value: (slice) =>
        (slice.endpoints ?? [])
          .flatMap((entry) => entry.addresses)
          .slice(0, 3)
          .join(',') || '<unset>',
    },
    { name: 'Age', value: age },
  ],
  configmaps: [
    { name: 'Data', value: (object) => Object.keys(object.data ?? {}).length },
    { name: 'Age', value: age },
  ],
  secrets: [
    { name: 'Type', value: (object) => object.type },
    { name: 'Data', value: (object) => Object.keys(object.data ?? {}).length },
    { name: 'Age', value: age },
  ],
  serviceaccounts: [
    { name: 'Secrets', value: () => 0 },
    { name: 'Age', value: age },
  ],
  persistentvolumes: [
    { name: 'Capacity', value: (object) => String(object.spec.capacity?.storage ?? '') },
    { name: 'Access Modes', value: (object) => modes(object.spec.accessModes) },
    { name: 'Reclaim Policy', value: (object) => object.spec.persistentVolumeReclaimPolicy ?? '' },
    { name: 'Status', value: (object) => object.status.phase ?? 'Available' },
    {
      name: 'Claim',
      value: (object) =>
        object.spec.claimRef ? `${object.spec.claimRef.namespace}/${object.spec.claimRef.name}` : '',
    },
    { name: 'StorageClass', value: (object) => object.spec.storageClassName ?? '' },
    { name: 'VolumeAttributesClass', value: () => '<unset>' },
    { name: 'Reason', value: () => '' },
    { name: 'Age', value: age },
  ],
  persistentvolumeclaims: [
    { name: 'Status', value: (object) => object.status.phase },
    { name: 'Volume', value: (object) => object.spec.volumeName ?? '' },
    {
      name: 'Capacity',
      value: (object) =>
        object.status.phase === 'Bound' ? String(object.spec.resources?.requests?.storage ?? '') : '',
    },
    {
      name: 'Access Modes',
      value: (object) => (object.status.phase === 'Bound' ? modes(object.spec.accessModes) : ''),
    },
    { name: 'StorageClass', value: (object) => object.spec.storageClassName ?? '' },
    { name: 'VolumeAttributesClass', value: () => '<unset>' },
    { name: 'Age', value: age },
    {
      name: 'VolumeMode',
      priority: 1,
      value: (object) => fieldValue(object, 'spec.volumeMode') || 'Filesystem',
    },
  ],
  events: [
    {
      name: 'Last Seen',
      value: (event, nowMs) => formatAge(fromTimestamp(event.lastTimestamp ?? event.eventTime), nowMs),
    },
    { name: 'Type', value: (event) => event.type ?? '' },
    { name: 'Reason', value: (event) => event.reason ?? '' },
    { name: 'Object', value: eventObject },
    { name: 'Subobject', priority: 1, value: (event) => event.involvedObject.fieldPath ?? '' },
    {
      name: 'Source',
      priority: 1,
      value: (event) => [event.source.component, event.source.host].filter(Boolean).join(', '),
    },
    { name: 'Message', value: (event) => (event.message ?? '').trim() },
    {
      name: 'First Seen',
      priority: 1,
      value: (event, nowMs) => formatAge(fromTimestamp(event.firstTimestamp), nowMs),
    },
    { name: 'Count', priority: 1, value: (event) => event.count ?? 1 },
    { name: 'Name', priority: 1, value: (event) => event.metadata.name },
  ],
  deployments: [
    { name: 'Ready', value: (object) => ratio(object.status.readyReplicas, object.spec.replicas) },
    { name: 'Up-to-date', value: (object) => object.status.updatedReplicas ?? 0 },
    { name: 'Available', value: (object) => object.status.availableReplicas ?? 0 },
    { name: 'Age', value: age },
    { name: 'Containers', priority: 1, value: (object) => names(object.spec.template.spec) },
    { name: 'Images', priority: 1, value: (object) => images(object.spec.template.spec) },
    { name: 'Selector', priority: 1, value: (object) => keysOf(object.spec.selector.matchLabels) },
  ],
  replicasets: [
    { name: 'Desired', value: (object) => object.spec.replicas },
    { name: 'Current', value: (object) => object.status.replicas ?? 0 },
    { name: 'Ready', value: (object) => object.status.readyReplicas ?? 0 },
    { name: 'Age', value: age },
    { name: 'Containers', priority: 1, value: (object) => names(object.spec.template.spec) },
    { name: 'Images', priority: 1, value: (object) => images(object.spec.template.spec) },
    { name: 'Selector', priority: 1, value: (object) => keysOf(object.spec.selector.matchLabels) },
  ],
  statefulsets: [
    { name: 'Ready', value: (object) => ratio(object.status.readyReplicas, object.spec.replicas) },
    { name: 'Age', value: age },
    { name: 'Containers', priority: 1, value: (object) => names(object.spec.template.spec) },
    { name: 'Images', priority: 1, value: (object) => images(object.spec.template.spec) },
  ],
  daemonsets: [
    { name: 'Desired', value: (object) => object.status.desiredNumberScheduled ?? 0 },
    { name: 'Current', value: (object) => object.status.currentNumberScheduled ?? 0 },
    { name: 'Ready', value: (object) => object.status.numberReady ?? 0 },
    { name: 'Up-to-date', value: (object) => object.status.updatedNumberScheduled ?? 0 },
    { name: 'Available', value: (object) => object.status.numberAvailable ?? 0 },
    { name: 'Node Selector', value: (object) => keysOf(object.spec.template.spec.nodeSelector) },
    { name: 'Age', value: age },
    { name: 'Containers', priority: 1, value: (object) => names(object.spec.template.spec) },
    { name: 'Images', priority: 1, value: (object) => images(object.spec.template.spec) },
    { name: 'Selector', priority: 1, value: (object) => keysOf(object.spec.selector.matchLabels) },
  ],
  jobs: [
    { name: 'Status', value: jobStatus },
    { name: 'Completions', value: (job) => ratio(job.status.succeeded, job.spec.completions ?? 1) },
    {
      name: 'Duration',
      value: (job, nowMs) =>
        job.status.startTime
          ? formatAge(fromTimestamp(job.status.startTime), fromTimestamp(job.status.completionTime) ?? nowMs)
          : '',
    },
    { name: 'Age', value: age },
  ],
  cronjobs: [
    { name: 'Schedule', value: (object) => object.spec.schedule },
    { name: 'Timezone', value: () => '<none>' },
    { name: 'Suspend', value: (object) => (object.spec.suspend ? 'True' : 'False') },
    { name: 'Active', value: (object) => object.status.active?.length ?? 0 },
    {
      name: 'Last Schedule',
      value: (object, nowMs) =>
        object.status.lastScheduleTime
          ? formatAge(fromTimestamp(object.status.lastScheduleTime), nowMs)
          : '<none>',
    },
    { name: 'Age', value: age },
  ],
  ingresses: [
    { name: 'Class', value: (object) => none(fieldValue(object, 'spec.ingressClassName')) },
    { name: 'Hosts', value: (object) => ingressHosts(object) },
    { name: 'Address', value: ingressAddresses },
    { name: 'Ports', value: (object) => (Array.isArray(object.spec?.tls) ? '80, 443' : '80') },
    { name: 'Age', value: age },
  ],
  networkpolicies: [
    { name: 'Pod-Selector', value: (object) => podSelectorText(object) },
    { name: 'Age', value: age },
  ],
  storageclasses: [
    { name: 'Provisioner', value: (object) => object.provisioner },
    { name: 'ReclaimPolicy', value: (object) => object.reclaimPolicy ?? 'Delete' },
    { name: 'VolumeBindingMode', value: (object) => object.volumeBindingMode ?? 'Immediate' },
    { name: 'AllowVolumeExpansion', value: (object) => String(object.allowVolumeExpansion === true) },
    { name: 'Age', value: age },
  ],
  horizontalpodautoscalers: [
    {
      name: 'Reference',
      value: (object) => `${object.spec.scaleTargetRef.kind}/${object.spec.scaleTargetRef.name}`,
    },
    { name: 'Targets', value: scalerTargets },
    { name: 'MinPods', value: (object) => object.spec.minReplicas ?? 1 },
    { name: 'MaxPods', value: (object) => object.spec.maxReplicas },
    { name: 'Replicas', value: (object) => fieldValue(object, 'status.currentReplicas') || '0' },
    { name: 'Age', value: age },
  ],
  resourcequotas: [
    { name: 'Request', value: quotaUse },
    { name: 'Limit', value: () => '' },
    { name: 'Age', value: age },
  ],
  poddisruptionbudgets: [
    { name: 'Min Available', value: (object) => fieldValue(object, 'spec.minAvailable') || 'N/A' },
    { name: 'Max Unavailable', value: (object) => fieldValue(object, 'spec.maxUnavailable') || 'N/A' },
    {
      name: 'Allowed Disruptions',
      value: (object) => fieldValue(object, 'status.disruptionsAllowed') || '0',
    },
    { name: 'Age', value: age },
  ],
};
