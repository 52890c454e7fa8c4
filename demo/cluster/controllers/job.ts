import {
  type Change,
  type ClusterView,
  controllerOf,
  eventAbout,
  isOwnedBy,
  referenceTo,
} from '../change.ts';
import { fromTimestamp, toTimestamp } from '../clock.ts';
import { isConditionTrue, setCondition } from '../conditions.ts';
import type { KindMap } from '../kinds/schema.ts';
import { isActive } from '../pods.ts';
import { nameSuffix } from '../random.ts';
import { makePod } from './make-pod.ts';

type Job = KindMap['jobs'];
const COMPONENT = 'job-controller';
const DEFAULT_BACKOFF_LIMIT = 6;

/** Runs each Job's pods to completion, or gives it up past its back-off limit. */
export function reconcileJobs(view: ClusterView): Change[] {
  return view.list('jobs').flatMap((job) => (job.metadata.deletionTimestamp ? [] : reconcileOne(view, job)));
}

function reconcileOne(view: ClusterView, job: Job): Change[] {
  const { namespace, name, uid } = job.metadata;
  if (
    isConditionTrue(job.status.conditions, 'Complete') ||
    isConditionTrue(job.status.conditions, 'Failed')
  ) {
    return expire(view, job);
  }
  const pods = view.list('pods', namespace).filter((pod) => isOwnedBy(pod, uid));
  const succeeded = pods.filter((pod) => pod.status.phase === 'Succeeded').length;
  const failed = pods.filter((pod) => pod.status.phase === 'Failed').length;
  const active = pods.filter(isActive);
  const completions = job.spec.completions ?? 1;
  const done = succeeded >= completions;
  const givenUp = failed > (job.spec.backoffLimit ?? DEFAULT_BACKOFF_LIMIT);
  const regarding = referenceTo(job, 'batch/v1', 'Job');
  const changes: Change[] = [];
  const wanted = done || givenUp ? 0 : Math.min(job.spec.parallelism ?? 1, completions - succeeded);
  for (let index = active.length; index < wanted; index++) {
    const podName = `${name}-${nameSuffix(`${view.seed}/${uid}/${view.nowMs}/${index}`)}`;
    const pod = makePod(job.spec.template, {
      name: podName,
      namespace,
      owner: controllerOf('batch/v1', 'Job', job.metadata),
      labels: {
        'batch.kubernetes.io/job-name': name,
        'job-name': name,
        'batch.kubernetes.io/controller-uid': uid,
      },
      generateName: `${name}-`,
    });
    changes.push({ op: 'create', resource: 'pods', object: pod });
    changes.push(eventAbout(regarding, 'Normal', 'SuccessfulCreate', `Created pod: ${podName}`, COMPONENT));
  }
  let conditions = job.status.conditions;
  if (done) {
    conditions = setCondition(conditions, { type: 'Complete', status: 'True' }, view.nowMs);
    changes.push(eventAbout(regarding, 'Normal', 'Completed', 'Job completed', COMPONENT));
  } else if (givenUp) {
    const message = 'Job has reached the specified backoff limit';
    conditions = setCondition(
      conditions,
      { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message },
      view.nowMs,
    );
    changes.push(eventAbout(regarding, 'Warning', 'BackoffLimitExceeded', message, COMPONENT));
  }
  const status: Job['status'] = {
    startTime: job.status.startTime ?? toTimestamp(view.nowMs),
    ...(wanted > 0 ? { active: wanted } : {}),
    ...(succeeded > 0 ? { succeeded } : {}),
    ...(failed > 0 ? { failed } : {}),
    ...(done ? { completionTime: toTimestamp(view.nowMs) } : {}),
    ...(conditions ? { conditions } : {}),
  };
  if (JSON.stringify(status) !== JSON.stringify(job.status)) {
    changes.push({ op: 'update', resource: 'jobs', object: { ...job, status } });
  }
  return changes;
}

function expire(view: ClusterView, job: Job): Change[] {
  const ttlSeconds = job.spec.ttlSecondsAfterFinished;
  const endedAtMs = fromTimestamp(
    job.status.completionTime ?? job.status.conditions?.at(-1)?.lastTransitionTime,
  );
  if (ttlSeconds === undefined || ttlSeconds === null || endedAtMs === undefined) return [];
  if (view.nowMs < endedAtMs + ttlSeconds * 1000) return [];
  return [{ op: 'delete', resource: 'jobs', namespace: job.metadata.namespace, name: job.metadata.name }];
}
