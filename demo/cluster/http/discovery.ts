import { eventsGroupInfo, groupVersionOf, type ResourceInfo, resourceInfos } from '../kinds/resources.ts';
import { type Exchange, sendJson } from './exchange.ts';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const METRICS: ResourceInfo[] = [
  {
    ...eventsGroupInfo,
    kind: 'NodeMetrics',
    singular: '',
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    namespaced: false,
    shortNames: [],
    resource: 'nodes',
  },
  {
    ...eventsGroupInfo,
    kind: 'PodMetrics',
    singular: '',
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    namespaced: true,
    shortNames: [],
    resource: 'pods',
  },
];
const REVIEWS = ['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews'];
const SERVER_VERSION = 'v1.33.4';

interface Entry {
  info: ResourceInfo;
  verbs: string[];
}

function entries(): Entry[] {
  return [
    ...[...resourceInfos, eventsGroupInfo].map((info) => ({ info, verbs: VERBS })),
    ...METRICS.map((info) => ({ info, verbs: ['get', 'list'] })),
  ];
}

function groups(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { info } of entries()) {
    const versions = found.get(info.group) ?? [];
    if (!versions.includes(info.version)) versions.push(info.version);
    found.set(info.group, versions);
  }
  found.set('authorization.k8s.io', ['v1']);
  return found;
}

function groupDocument(group: string, versions: string[]): Record<string, unknown> {
  const list = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions: list, preferredVersion: list[0] };
}

/** `GET /version`. */
export function sendVersion(exchange: Exchange): void {
  sendJson(exchange.response, 200, {
    major: '1',
    minor: '33',
    gitVersion: SERVER_VERSION,
    gitCommit: '0000000000000000000000000000000000000000',
    gitTreeState: 'clean',
    buildDate: '2025-08-12T00:00:00Z',
    goVersion: 'go1.24.5',
    compiler: 'gc',
    platform: 'linux/amd64',
  });
}

/** `GET /api` and `GET /apis`, aggregated when the client accepts it. */
export function sendRoots(exchange: Exchange, root: 'api' | 'apis'): void {
  const aggregated = /as=APIGroupDiscoveryList/.test(exchange.accept)
    ? (/g=apidiscovery\.k8s\.io;v=(v2beta1|v2)/.exec(exchange.accept)?.[1] ?? undefined)
    : undefined;
  if (aggregated) {
    const type = `application/json;g=apidiscovery.k8s.io;v=${aggregated};as=APIGroupDiscoveryList`;
    sendJson(exchange.response, 200, aggregate(root, aggregated), type);
  } else if (root === 'api') {
    sendJson(exchange.response, 200, {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [],
    });
  } else {
    const list = [...groups()]
      .filter(([group]) => group !== '')
      .map(([group, versions]) => groupDocument(group, versions));
    sendJson(exchange.response, 200, { kind: 'APIGroupList', apiVersion: 'v1', groups: list });
  }
}

function aggregate(root: 'api' | 'apis', version: string): Record<string, unknown> {
  const items = [...groups()]
    .filter(([group]) => (group === '') === (root === 'api'))
    .map(([group, versions]) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: versions.map((entry) => ({
        version: entry,
        resources: aggregatedResources(group, entry),
        freshness: 'Current',
      })),
    }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
}

function aggregatedResources(group: string, version: string): Record<string, unknown>[] {
  if (group === 'authorization.k8s.io') {
    return [
      {
        resource: REVIEWS[0],
        responseKind: { group, version, kind: 'SelfSubjectAccessReview' },
        scope: 'Cluster',
        singularResource: 'selfsubjectaccessreview',
        verbs: ['create'],
      },
    ];
  }
  return entries()
    .filter(({ info }) => info.group === group && info.version === version)
    .map(({ info, verbs }) => ({
      resource: info.resource,
      responseKind: { group, version, kind: info.kind },
      scope: info.namespaced ? 'Namespaced' : 'Cluster',
      singularResource: info.singular,
      verbs,
      ...(info.shortNames.length > 0 ? { shortNames: info.shortNames } : {}),
      ...(info.categories.length > 0 ? { categories: info.categories } : {}),
      subresources: info.subresources.map((subresource) => ({
        subresource,
        responseKind:
          subresource === 'scale'
            ? { group: 'autoscaling', version: 'v1', kind: 'Scale' }
            : { group, version, kind: info.kind },
        verbs: subresource === 'log' ? ['get'] : ['get', 'patch', 'update'],
      })),
    }));
}

/** `GET /apis/<group>`; false when there is no such group. */
export function sendGroup(exchange: Exchange, group: string): boolean {
  const versions = groups().get(group);
  if (!versions) return false;
  sendJson(exchange.response, 200, { kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(group, versions) });
  return true;
}

/** `GET /api/v1`, `GET /apis/<group>/<version>`; false when there is no such version. */
export function sendResources(exchange: Exchange, group: string, version: string): boolean {
  if (!groups().get(group)?.includes(version)) return false;
  const resources: Record<string, unknown>[] = [];
  for (const { info, verbs } of entries().filter(
    (entry) => entry.info.group === group && entry.info.version === version,
  )) {
    const { kind, namespaced } = info;
    resources.push({
      name: info.resource,
      singularName: info.singular,
      namespaced,
      kind,
      verbs,
      ...(info.shortNames.length > 0 ? { shortNames: info.shortNames } : {}),
      ...(info.categories.length > 0 ? { categories: info.categories } : {}),
    });
    for (const subresource of info.subresources) {
      const scale =
        subresource === 'scale' ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : { kind };
      const allowed = subresource === 'log' ? ['get'] : ['get', 'patch', 'update'];
      resources.push({
        name: `${info.resource}/${subresource}`,
        singularName: '',
        namespaced,
        ...scale,
        verbs: allowed,
      });
    }
  }
  if (group === 'authorization.k8s.io') {
    resources.push({
      name: REVIEWS[0],
      singularName: '',
      namespaced: false,
      kind: 'SelfSubjectAccessReview',
      verbs: ['create'],
    });
  }
  const groupVersion = group === '' ? version : groupVersionOf({ ...eventsGroupInfo, group, version });
  sendJson(exchange.response, 200, { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources });
  return true;
}

/** The registered resource behind a path, metrics excluded. */
export function findResource(group: string, version: string, plural: string): ResourceInfo | undefined {
  return [...resourceInfos, eventsGroupInfo].find(
    (info) => info.group === group && info.version === version && info.resource === plural,
  );
}
