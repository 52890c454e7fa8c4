import {
  type Change,
  type ClusterView,
  controllerOf,
  eventAbout,
  isOwnedBy,
  referenceTo,
} from '../change.ts';
import type { KindMap, Node } from '../kinds/schema.ts';
import { isReady, isTerminal } from '../pods.ts';
import { nameSuffix } from '../random.ts';
import { makePod } from './make-pod.ts';

type DaemonSet = KindMap['daemonsets'];
const COMPONENT = 'daemonset-controller';

/** One pod of each DaemonSet on each node that its selector allows. */
export function reconcileDaemonSets(view: ClusterView): Change[] {
  return view
    .list('daemonsets')
    .flatMap((set) => (set.metadata.deletionTimestamp ? [] : reconcileOne(view, set)));
}

function isWanted(set: DaemonSet, node: Node): boolean {
  const selector = Object.entries(set.spec.template.spec.nodeSelector ?? {});
  return selector.every(([key, value]) => node.metadata.labels?.[key] === value);
}

function reconcileOne(view: ClusterView, set: DaemonSet): Change[] {
  const { namespace, name, uid } = set.metadata;
  const revision = nameSuffix(JSON.stringify(set.spec.template), 10);
  const regarding = referenceTo(set, 'apps/v1', 'DaemonSet');
  const nodes = view.list('nodes').filter((node) => isWanted(set, node));
  const wanted = new Set(nodes.map((node) => node.metadata.name));
  const pods = view.list('pods', namespace).filter((pod) => isOwnedBy(pod, uid));
  const changes: Change[] = [];
  for (const pod of pods) {
    const outdated = pod.metadata.labels?.['controller-revision-hash'] !== revision;
    if (pod.metadata.deletionTimestamp) continue;
    if (isTerminal(pod) || outdated || !wanted.has(pod.spec.nodeName ?? '')) {
      changes.push({ op: 'delete', resource: 'pods', namespace, name: pod.metadata.name });
    }
  }
  for (const node of nodes) {
    if (pods.some((pod) => pod.spec.nodeName === node.metadata.name)) continue;
    const podName = `${name}-${nameSuffix(`${view.seed}/${uid}/${node.metadata.name}/${view.nowMs}`)}`;
    const pod = makePod(set.spec.template, {
      name: podName,
      namespace,
      owner: controllerOf('apps/v1', 'DaemonSet', set.metadata),
      labels: {
        'controller-revision-hash': revision,
        'pod-template-generation': String(set.metadata.generation ?? 1),
      },
      generateName: `${name}-`,
      nodeName: node.metadata.name,
    });
    changes.push({ op: 'create', resource: 'pods', object: pod });
    changes.push(eventAbout(regarding, 'Normal', 'SuccessfulCreate', `Created pod: ${podName}`, COMPONENT));
  }
  const ready = pods.filter(isReady).length;
  const status: DaemonSet['status'] = {
    currentNumberScheduled: pods.length,
    desiredNumberScheduled: nodes.length,
    numberMisscheduled: 0,
    numberReady: ready,
    numberAvailable: ready,
    updatedNumberScheduled: pods.length,
    observedGeneration: set.metadata.generation ?? 1,
  };
  if (JSON.stringify(status) !== JSON.stringify(set.status)) {
    changes.push({ op: 'update', resource: 'daemonsets', object: { ...set, status } });
  }
  return changes;
}
