import {
  type Change,
  type ClusterView,
  controllerOf,
  eventAbout,
  isOwnedBy,
  newMeta,
  referenceTo,
} from '../change.ts';
import type { Claim, KindMap } from '../kinds/schema.ts';
import { isActive, isReady, isTerminal } from '../pods.ts';
import { nameSuffix } from '../random.ts';
import { makePod } from './make-pod.ts';

type StatefulSet = KindMap['statefulsets'];
const COMPONENT = 'statefulset-controller';

/** Keeps pods `name-0..n` in order, each with its own claims, and rolls template changes from the last down. */
export function reconcileStatefulSets(view: ClusterView): Change[] {
  return view
    .list('statefulsets')
    .flatMap((set) => (set.metadata.deletionTimestamp ? [] : reconcileOne(view, set)));
}

function reconcileOne(view: ClusterView, set: StatefulSet): Change[] {
  const { namespace, name, uid } = set.metadata;
  const revision = `${name}-${nameSuffix(JSON.stringify(set.spec.template), 10)}`;
  const pods = view.list('pods', namespace).filter((pod) => isOwnedBy(pod, uid));
  const changes: Change[] = [];
  const byName = new Map(pods.map((pod) => [pod.metadata.name, pod]));
  for (let ordinal = 0; ordinal < set.spec.replicas; ordinal++) {
    const pod = byName.get(`${name}-${ordinal}`);
    if (pod && isTerminal(pod)) {
      changes.push({ op: 'delete', resource: 'pods', namespace, name: pod.metadata.name, graceMs: 0 });
      break;
    }
    if (!pod) changes.push(...createReplica(set, ordinal, revision));
    // Ordered start: the next one waits until this one is ready.
    if ((!pod || !isReady(pod)) && set.spec.podManagementPolicy !== 'Parallel') break;
  }
  changes.push(...scaleDownOrRoll(set, pods, revision));
  const active = pods.filter(isActive);
  const updated = active.filter((pod) => pod.metadata.labels?.['controller-revision-hash'] === revision);
  const ready = active.filter(isReady).length;
  const status: StatefulSet['status'] = {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: active.length,
    ...(ready > 0 ? { readyReplicas: ready } : {}),
    availableReplicas: ready,
    currentReplicas: active.length,
    updatedReplicas: updated.length,
    currentRevision: revision,
    updateRevision: revision,
    collisionCount: 0,
  };
  if (JSON.stringify(status) !== JSON.stringify(set.status)) {
    changes.push({ op: 'update', resource: 'statefulsets', object: { ...set, status } });
  }
  return changes;
}

function createReplica(set: StatefulSet, ordinal: number, revision: string): Change[] {
  const { namespace, name } = set.metadata;
  const podName = `${name}-${ordinal}`;
  const regarding = referenceTo(set, 'apps/v1', 'StatefulSet');
  const changes: Change[] = [];
  const templates = set.spec.volumeClaimTemplates ?? [];
  const volumes = templates.map((template) => ({
    name: template.metadata.name,
    persistentVolumeClaim: { claimName: `${template.metadata.name}-${podName}` },
  }));
  for (const template of templates) {
    const claim: Claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: newMeta(`${template.metadata.name}-${podName}`, namespace, {
        labels: { ...set.spec.selector.matchLabels, ...template.metadata.labels },
      }),
      spec: { volumeMode: 'Filesystem', ...template.spec },
      status: { phase: 'Pending' },
    };
    changes.push({ op: 'create', resource: 'persistentvolumeclaims', object: claim });
  }
  const pod = makePod(set.spec.template, {
    name: podName,
    namespace,
    owner: controllerOf('apps/v1', 'StatefulSet', set.metadata),
    generateName: `${name}-`,
    labels: {
      'apps.kubernetes.io/pod-index': String(ordinal),
      'controller-revision-hash': revision,
      'statefulset.kubernetes.io/pod-name': podName,
    },
  });
  const spec = { ...pod.spec, hostname: podName, volumes: [...volumes, ...(pod.spec.volumes ?? [])] };
  changes.push({ op: 'create', resource: 'pods', object: { ...pod, spec } });
  const message = `create Pod ${podName} in StatefulSet ${name} successful`;
  changes.push(eventAbout(regarding, 'Normal', 'SuccessfulCreate', message, COMPONENT));
  return changes;
}

function scaleDownOrRoll(set: StatefulSet, pods: KindMap['pods'][], revision: string): Change[] {
  const { namespace, name } = set.metadata;
  const ordinalOf = (pod: KindMap['pods']) => Number(pod.metadata.name.slice(name.length + 1));
  const ordered = pods.filter(isActive).sort((a, b) => ordinalOf(b) - ordinalOf(a));
  const surplus = ordered.find((pod) => ordinalOf(pod) >= set.spec.replicas);
  const outdated = ordered.find((pod) => pod.metadata.labels?.['controller-revision-hash'] !== revision);
  const settled =
    ordered.every((pod) => isReady(pod) || pod === outdated) && ordered.length >= set.spec.replicas;
  const victim = surplus ?? (settled ? outdated : undefined);
  if (!victim) return [];
  const message = `delete Pod ${victim.metadata.name} in StatefulSet ${name} successful`;
  return [
    { op: 'delete', resource: 'pods', namespace, name: victim.metadata.name },
    eventAbout(referenceTo(set, 'apps/v1', 'StatefulSet'), 'Normal', 'SuccessfulDelete', message, COMPONENT),
  ];
}
