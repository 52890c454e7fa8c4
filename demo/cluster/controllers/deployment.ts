import {
  type Change,
  type ClusterView,
  controllerOf,
  eventAbout,
  isOwnedBy,
  newMeta,
  referenceTo,
} from '../change.ts';
import { fromTimestamp } from '../clock.ts';
import { setCondition } from '../conditions.ts';
import type { Deployment, ReplicaSet } from '../kinds/schema.ts';
import { nameSuffix } from '../random.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const COMPONENT = 'deployment-controller';
const DEFAULT_HISTORY = 10;
const PROGRESS_DEADLINE_MS = 600_000;

/** Rolls each Deployment's template out through ReplicaSets, within its surge and unavailability bounds. */
export function reconcileDeployments(view: ClusterView): Change[] {
  return view.list('deployments').flatMap((deployment) => {
    if (deployment.metadata.deletionTimestamp) return [];
    return reconcileOne(view, deployment);
  });
}

function reconcileOne(view: ClusterView, deployment: Deployment): Change[] {
  const sets = view
    .list('replicasets', deployment.metadata.namespace)
    .filter((set) => isOwnedBy(set, deployment.metadata.uid));
  const hash = templateHash(deployment);
  const current = sets.find((set) => set.metadata.labels?.['pod-template-hash'] === hash);
  if (!current) return createSet(deployment, sets, hash);
  const changes: Change[] = [];
  const revision = Math.max(...sets.map(revisionOf));
  if (revisionOf(current) < revision) {
    // A roll back: the old set becomes the newest revision.
    const annotations = { ...current.metadata.annotations, [REVISION]: String(revision + 1) };
    changes.push({
      op: 'update',
      resource: 'replicasets',
      object: { ...current, metadata: { ...current.metadata, annotations } },
    });
    return changes;
  }
  const old = sets.filter((set) => set !== current);
  if (!deployment.spec.paused) {
    for (const [set, replicas] of planScale(deployment, current, old)) {
      if (set.spec.replicas === replicas) continue;
      changes.push({
        op: 'update',
        resource: 'replicasets',
        object: { ...set, spec: { ...set.spec, replicas } },
      });
      const direction = replicas > set.spec.replicas ? 'up' : 'down';
      const message = `Scaled ${direction} replica set ${set.metadata.name} from ${set.spec.replicas} to ${replicas}`;
      changes.push(
        eventAbout(
          referenceTo(deployment, 'apps/v1', 'Deployment'),
          'Normal',
          'ScalingReplicaSet',
          message,
          COMPONENT,
        ),
      );
    }
  }
  changes.push(...pruneHistory(deployment, old));
  const next = withStatus(view, deployment, current, sets);
  if (JSON.stringify(next.status) !== JSON.stringify(deployment.status)) {
    changes.push({ op: 'update', resource: 'deployments', object: next });
  }
  return changes;
}

/**
 * The label that tells ReplicaSets of one Deployment apart; a function of what the pod template says, whatever the order in
 * which a client wrote it: going back to an earlier template finds its ReplicaSet again.
 */
export function templateHash(deployment: Deployment): string {
  const { template } = deployment.spec;
  const known = hashes.get(template);
  if (known) return known;
  const hash = nameSuffix(JSON.stringify(template, inNameOrder), 10);
  hashes.set(template, hash);
  return hash;
}

const inNameOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** Stored objects are immutable, so a template's hash is worked out once. */
const hashes = new WeakMap<object, string>();

function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

function createSet(deployment: Deployment, sets: ReplicaSet[], hash: string): Change[] {
  const { name, namespace } = deployment.metadata;
  const labels = { ...deployment.spec.template.metadata.labels, 'pod-template-hash': hash };
  const revision = Math.max(0, ...sets.map(revisionOf)) + 1;
  const initial = sets.length === 0 ? deployment.spec.replicas : 0;
  const set: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: newMeta(`${name}-${hash}`, namespace, {
      labels,
      annotations: {
        [REVISION]: String(revision),
        'deployment.kubernetes.io/desired-replicas': String(deployment.spec.replicas),
      },
      owner: controllerOf('apps/v1', 'Deployment', deployment.metadata),
    }),
    spec: {
      replicas: initial,
      selector: {
        ...deployment.spec.selector,
        matchLabels: { ...deployment.spec.selector.matchLabels, 'pod-template-hash': hash },
      },
      template: { ...deployment.spec.template, metadata: { ...deployment.spec.template.metadata, labels } },
    },
    status: {},
  };
  const changes: Change[] = [{ op: 'create', resource: 'replicasets', object: set }];
  const annotations = { ...deployment.metadata.annotations, [REVISION]: String(revision) };
  changes.push({
    op: 'update',
    resource: 'deployments',
    object: { ...deployment, metadata: { ...deployment.metadata, annotations } },
  });
  if (initial > 0) {
    const message = `Scaled up replica set ${set.metadata.name} from 0 to ${initial}`;
    changes.push(
      eventAbout(
        referenceTo(deployment, 'apps/v1', 'Deployment'),
        'Normal',
        'ScalingReplicaSet',
        message,
        COMPONENT,
      ),
    );
  }
  return changes;
}

/** A count or percentage of the replicas. */
export function resolveBound(
  bound: number | string | undefined,
  replicas: number,
  round: 'up' | 'down',
): number {
  if (typeof bound === 'number') return bound;
  const percent = Number.parseFloat(bound ?? '25%');
  const exact = (percent / 100) * replicas;
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact);
}

/** The replicas each set should have next. */
export function planScale(
  deployment: Deployment,
  current: ReplicaSet,
  old: ReplicaSet[],
): [ReplicaSet, number][] {
  const wanted = deployment.spec.replicas;
  const oldTotal = old.reduce((sum, set) => sum + set.spec.replicas, 0);
  if (deployment.spec.strategy.type === 'Recreate') {
    const oldAlive = old.reduce((sum, set) => sum + (set.status.replicas ?? 0), 0);
    const plan: [ReplicaSet, number][] = old.map((set) => [set, 0]);
    return oldTotal + oldAlive > 0 ? plan : [...plan, [current, wanted]];
  }
  const { maxSurge, maxUnavailable } = deployment.spec.strategy.rollingUpdate ?? {};
  const surge = resolveBound(maxSurge, wanted, 'up');
  const unavailable =
    surge === 0
      ? Math.max(1, resolveBound(maxUnavailable, wanted, 'down'))
      : resolveBound(maxUnavailable, wanted, 'down');
  const total = oldTotal + current.spec.replicas;
  const room = Math.max(0, wanted + surge - total);
  const next = current.spec.replicas >= wanted ? wanted : Math.min(wanted, current.spec.replicas + room);
  const plan: [ReplicaSet, number][] = [[current, next]];
  const currentMissing = current.spec.replicas - (current.status.availableReplicas ?? 0);
  let removable = Math.max(0, total - (wanted - unavailable) - Math.max(0, currentMissing));
  for (const set of [...old].sort((a, b) => revisionOf(a) - revisionOf(b))) {
    // Replicas of old sets that are not available help nobody and go first.
    const dead = Math.max(0, set.spec.replicas - (set.status.availableReplicas ?? 0));
    const step = Math.min(set.spec.replicas, Math.max(dead, removable));
    removable -= Math.min(removable, step);
    plan.push([set, set.spec.replicas - step]);
  }
  return plan;
}

function pruneHistory(deployment: Deployment, old: ReplicaSet[]): Change[] {
  const idle = old.filter((set) => set.spec.replicas === 0 && (set.status.replicas ?? 0) === 0);
  const surplus = idle.length - (deployment.spec.revisionHistoryLimit ?? DEFAULT_HISTORY);
  return [...idle]
    .sort((a, b) => revisionOf(a) - revisionOf(b))
    .slice(0, Math.max(0, surplus))
    .map((set) => ({
      op: 'delete',
      resource: 'replicasets',
      namespace: set.metadata.namespace,
      name: set.metadata.name,
    }));
}

function withStatus(
  view: ClusterView,
  deployment: Deployment,
  current: ReplicaSet,
  sets: ReplicaSet[],
): Deployment {
  const sum = (field: 'replicas' | 'readyReplicas' | 'availableReplicas') =>
    sets.reduce((total, set) => total + (set.status[field] ?? 0), 0);
  const wanted = deployment.spec.replicas;
  const available = sum('availableReplicas');
  const updated = current.status.replicas ?? 0;
  const { maxUnavailable } = deployment.spec.strategy.rollingUpdate ?? {};
  const minimum = wanted - resolveBound(maxUnavailable, wanted, 'down');
  const isAvailable = available >= minimum;
  let conditions = setCondition(
    deployment.status.conditions,
    {
      type: 'Available',
      status: isAvailable ? 'True' : 'False',
      reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: isAvailable
        ? 'Deployment has minimum availability.'
        : 'Deployment does not have minimum availability.',
    },
    view.nowMs,
  );
  const done = updated === wanted && available >= wanted && sum('replicas') === wanted;
  const startedAtMs = fromTimestamp(current.metadata.creationTimestamp) ?? view.nowMs;
  // Scaling a finished rollout is no new rollout: its deadline does not start again.
  const rolledBefore = (deployment.status.conditions ?? []).some(
    (c) => c.reason === 'NewReplicaSetAvailable' && c.message?.includes(`"${current.metadata.name}"`),
  );
  const late = !done && !rolledBefore && view.nowMs - startedAtMs > PROGRESS_DEADLINE_MS;
  const set = `ReplicaSet "${current.metadata.name}"`;
  conditions = setCondition(
    conditions,
    done || rolledBefore
      ? {
          type: 'Progressing',
          status: 'True',
          reason: 'NewReplicaSetAvailable',
          message: `${set} has successfully progressed.`,
        }
      : late
        ? {
            type: 'Progressing',
            status: 'False',
            reason: 'ProgressDeadlineExceeded',
            message: `${set} has timed out progressing.`,
          }
        : {
            type: 'Progressing',
            status: 'True',
            reason: 'ReplicaSetUpdated',
            message: `${set} is progressing.`,
          },
    view.nowMs,
  );
  const ready = sum('readyReplicas');
  const unavailable = Math.max(0, Math.max(wanted, sum('replicas')) - available);
  const status: Deployment['status'] = {
    observedGeneration: deployment.metadata.generation ?? 1,
    replicas: sum('replicas'),
    updatedReplicas: updated,
    ...(ready > 0 ? { readyReplicas: ready } : {}),
    ...(available > 0 ? { availableReplicas: available } : {}),
    ...(unavailable > 0 ? { unavailableReplicas: unavailable } : {}),
    conditions,
  };
  return { ...deployment, status };
}
