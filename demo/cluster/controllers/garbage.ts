import type { Change, ClusterView } from '../change.ts';
import { fromTimestamp } from '../clock.ts';
import { resourceInfos } from '../kinds/resources.ts';
import type { Resource } from '../kinds/schema.ts';
import { isTerminal } from '../pods.ts';
import { EVENT_TTL_MS, MAX_TERMINATED_PODS } from '../tunables.ts';

/** Resources whose objects other objects are owned by. */
const OWNERS: Resource[] = [
  'nodes',
  'services',
  'deployments',
  'replicasets',
  'statefulsets',
  'daemonsets',
  'jobs',
  'cronjobs',
  'pods',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
];

/** Deletes what lost its owner, events past their time to live, and the oldest ended pods past a bound. */
export function collectGarbage(view: ClusterView): Change[] {
  const alive = new Set(
    OWNERS.flatMap((resource) => view.list(resource).map((object) => object.metadata.uid)),
  );
  const changes: Change[] = [];
  for (const { resource } of resourceInfos) {
    if (resource === 'events') continue;
    for (const { metadata } of view.list(resource)) {
      const owners = metadata.ownerReferences ?? [];
      if (owners.length === 0 || metadata.deletionTimestamp || owners.some((owner) => alive.has(owner.uid)))
        continue;
      changes.push({ op: 'delete', resource, namespace: metadata.namespace, name: metadata.name });
    }
  }
  for (const endpoints of view.list('endpoints')) {
    const { namespace, name } = endpoints.metadata;
    if (!view.get('services', namespace, name))
      changes.push({ op: 'delete', resource: 'endpoints', namespace, name });
  }
  for (const event of view.list('events')) {
    const seenMs =
      fromTimestamp(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp) ?? 0;
    if (view.nowMs - seenMs <= EVENT_TTL_MS) continue;
    changes.push({
      op: 'delete',
      resource: 'events',
      namespace: event.metadata.namespace,
      name: event.metadata.name,
    });
  }
  return [...changes, ...trimEndedPods(view)];
}

function trimEndedPods(view: ClusterView): Change[] {
  const ended = view.list('pods').filter(isTerminal);
  return ended.slice(0, Math.max(0, ended.length - MAX_TERMINATED_PODS)).map((pod) => ({
    op: 'delete',
    resource: 'pods',
    namespace: pod.metadata.namespace,
    name: pod.metadata.name,
    graceMs: 0,
  }));
}
