import {
  type Change,
  type ClusterView,
  controllerOf,
  eventAbout,
  isOwnedBy,
  referenceTo,
} from '../change.ts';
import { fromTimestamp } from '../clock.ts';
import type { Pod, ReplicaSet } from '../kinds/schema.ts';
import { isActive, isReady } from '../pods.ts';
import { nameSuffix } from '../random.ts';
import { makePod } from './make-pod.ts';

/** Keeps as many active pods per ReplicaSet as it wants; evicted and failed pods are replaced, not counted. */
export function reconcileReplicaSets(view: ClusterView): Change[] {
  return view
    .list('replicasets')
    .flatMap((set) => (set.metadata.deletionTimestamp ? [] : reconcileOne(view, set)));
}

function reconcileOne(view: ClusterView, set: ReplicaSet): Change[] {
  const { namespace, name, uid } = set.metadata;
  const pods = view.list('pods', namespace).filter((pod) => isOwnedBy(pod, uid));
  const active = pods.filter(isActive);
  const changes: Change[] = [];
  const regarding = referenceTo(set, 'apps/v1', 'ReplicaSet');
  for (let index = active.length; index < set.spec.replicas; index++) {
    const podName = `${name}-${nameSuffix(`${view.seed}/${uid}/${view.nowMs}/${index}`)}`;
    const pod = makePod(set.spec.template, {
      name: podName,
      namespace,
      owner: controllerOf('apps/v1', 'ReplicaSet', set.metadata),
      generateName: `${name}-`,
    });
    changes.push({ op: 'create', resource: 'pods', object: pod });
    changes.push(
      eventAbout(regarding, 'Normal', 'SuccessfulCreate', `Created pod: ${podName}`, 'replicaset-controller'),
    );
  }
  const surplus = [...active]
    .sort(byDeletionPreference)
    .slice(0, Math.max(0, active.length - set.spec.replicas));
  for (const pod of surplus) {
    changes.push({ op: 'delete', resource: 'pods', namespace, name: pod.metadata.name });
    changes.push(
      eventAbout(
        regarding,
        'Normal',
        'SuccessfulDelete',
        `Deleted pod: ${pod.metadata.name}`,
        'replicaset-controller',
      ),
    );
  }
  const ready = active.filter(isReady).length;
  const status: ReplicaSet['status'] = {
    replicas: active.length,
    fullyLabeledReplicas: active.length,
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    observedGeneration: set.metadata.generation ?? 1,
  };
  if (JSON.stringify(status) !== JSON.stringify(set.status)) {
    changes.push({ op: 'update', resource: 'replicasets', object: { ...set, status } });
  }
  return changes;
}

/** Unscheduled before scheduled, not ready before ready, young before old (as the real controller ranks). */
function byDeletionPreference(a: Pod, b: Pod): number {
  const rank = (pod: Pod) => (pod.spec.nodeName ? 2 : 0) + (isReady(pod) ? 4 : 0);
  const age = (pod: Pod) => fromTimestamp(pod.metadata.creationTimestamp) ?? 0;
  return rank(a) - rank(b) || age(b) - age(a);
}
