import { type Change, type ClusterView, controllerOf, newMeta } from '../change.ts';
import type { KindMap, Pod, Service } from '../kinds/schema.ts';
import { isActive, isReady } from '../pods.ts';
import { nameSuffix } from '../random.ts';
import { matchesLabels } from '../selectors.ts';

type ResolvedPort = { name?: string; port: number; protocol: string };

/** Endpoints and EndpointSlices of every Service that has a selector. */
export function reconcileEndpoints(view: ClusterView): Change[] {
  return view.list('services').flatMap((service) => {
    if (!service.spec.selector || service.metadata.deletionTimestamp) return [];
    return reconcileOne(view, service);
  });
}

/**
 * The pod's port behind a service port. A named target port that no container declares resolves to nothing, and
 * the pod is then no endpoint of it: the real controllers skip it without an event.
 */
export function resolveTargetPort(
  port: { port: number; targetPort?: number | string },
  pod: Pod,
): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  if (/^\d+$/.test(target)) return Number(target);
  for (const container of pod.spec.containers) {
    const declared = container.ports?.find((entry) => entry.name === target);
    if (declared) return declared.containerPort;
  }
  return undefined;
}

function reconcileOne(view: ClusterView, service: Service): Change[] {
  const { namespace } = service.metadata;
  const pods = view
    .list('pods', namespace)
    .filter(
      (pod) => matchesLabels(service.spec.selector, pod.metadata.labels) && isActive(pod) && pod.status.podIP,
    )
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const ports = resolvePorts(service, pods);
  return [...writeEndpoints(view, service, pods, ports), ...writeSlice(view, service, pods, ports)];
}

function resolvePorts(service: Service, pods: Pod[]): ResolvedPort[] {
  const ports: ResolvedPort[] = [];
  for (const port of service.spec.ports ?? []) {
    const resolved = pods.map((pod) => resolveTargetPort(port, pod)).find((value) => value !== undefined);
    if (resolved === undefined) continue;
    ports.push({
      ...(port.name ? { name: port.name } : {}),
      port: resolved,
      protocol: port.protocol ?? 'TCP',
    });
  }
  return ports;
}

function targetRef(pod: Pod): Record<string, unknown> {
  return { kind: 'Pod', name: pod.metadata.name, namespace: pod.metadata.namespace, uid: pod.metadata.uid };
}

function writeEndpoints(view: ClusterView, service: Service, pods: Pod[], ports: ResolvedPort[]): Change[] {
  const { name, namespace, labels } = service.metadata;
  const addressesOf = (ready: boolean) =>
    pods
      .filter((pod) => isReady(pod) === ready)
      .map((pod) => ({ ip: pod.status.podIP ?? '', nodeName: pod.spec.nodeName, targetRef: targetRef(pod) }));
  const addresses = addressesOf(true);
  const notReadyAddresses = addressesOf(false);
  const subsets =
    ports.length === 0 || pods.length === 0
      ? undefined
      : [
          {
            ...(addresses.length > 0 ? { addresses } : {}),
            ...(notReadyAddresses.length > 0 ? { notReadyAddresses } : {}),
            ports,
          },
        ];
  const current = view.get('endpoints', namespace, name);
  const meta = newMeta(name, namespace, { labels: labels ?? null });
  const wanted: KindMap['endpoints'] = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: meta,
    ...(subsets ? { subsets } : {}),
  };
  if (!current) return [{ op: 'create', resource: 'endpoints', object: wanted }];
  if (JSON.stringify(current.subsets) === JSON.stringify(subsets)) return [];
  return [{ op: 'update', resource: 'endpoints', object: { ...wanted, metadata: current.metadata } }];
}

function writeSlice(view: ClusterView, service: Service, pods: Pod[], ports: ResolvedPort[]): Change[] {
  const { name, namespace, labels, uid } = service.metadata;
  const sliceName = `${name}-${nameSuffix(`${view.seed}/slice/${uid}`)}`;
  const endpoints = pods.map((pod) => ({
    addresses: [pod.status.podIP ?? ''],
    conditions: { ready: isReady(pod), serving: isReady(pod), terminating: false },
    nodeName: pod.spec.nodeName,
    targetRef: targetRef(pod),
  }));
  const wantedPorts = ports.map((port) => ({
    name: port.name ?? '',
    port: port.port,
    protocol: port.protocol,
  }));
  const wanted: KindMap['endpointslices'] = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: newMeta(sliceName, namespace, {
      labels: {
        ...labels,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': name,
      },
      owner: controllerOf('v1', 'Service', service.metadata),
      generateName: `${name}-`,
    }),
    addressType: 'IPv4',
    endpoints,
    ports: wantedPorts.length > 0 ? wantedPorts : null,
  };
  const current = view.get('endpointslices', namespace, sliceName);
  if (!current) return [{ op: 'create', resource: 'endpointslices', object: wanted }];
  const same =
    JSON.stringify([current.endpoints, current.ports]) === JSON.stringify([wanted.endpoints, wanted.ports]);
  return same
    ? []
    : [{ op: 'update', resource: 'endpointslices', object: { ...wanted, metadata: current.metadata } }];
}
