import { workloads } from './catalogue.ts';
import { configuration, extras, storageClasses } from './configuration.ts';
import { nodeManifests } from './nodes.ts';
import { daemonSet, deployment, type Manifest, service, statefulSet } from './workloads.ts';

const NAMESPACES = [
  'default',
  'kube-system',
  'kube-node-lease',
  'kube-public',
  'shop',
  'data',
  'analytics',
  'observability',
  'ingress-nginx',
];

/** The whole shop, in the order in which it is installed. */
export function shopManifests(): Manifest[] {
  const running = workloads.flatMap(({ kind, spec }, index) => {
    const build = { deployment, statefulset: statefulSet, daemonset: daemonSet }[kind];
    const manifests = [build(spec)];
    if (spec.port !== undefined) manifests.push(service(spec, `10.96.${20 + index}.${10 + index * 7}`));
    return manifests;
  });
  const namespaces: Manifest[] = NAMESPACES.map((name) => ({
    resource: 'namespaces',
    object: { metadata: { name, labels: { 'kubernetes.io/metadata.name': name } } },
  }));
  return [...namespaces, ...nodeManifests, ...storageClasses, ...configuration, ...running, ...extras];
}
