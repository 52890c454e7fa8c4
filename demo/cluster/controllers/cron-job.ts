import {
  type Change,
  type ClusterView,
  controllerOf,
  eventAbout,
  isOwnedBy,
  newMeta,
  referenceTo,
} from '../change.ts';
import { fromTimestamp, toTimestamp } from '../clock.ts';
import { isConditionTrue } from '../conditions.ts';
import type { KindMap } from '../kinds/schema.ts';

type CronJob = KindMap['cronjobs'];
const MINUTE_MS = 60_000;
const DEFAULT_HISTORY = 3;

/** Starts a Job at every scheduled minute; missed minutes are not made up for. */
export function reconcileCronJobs(view: ClusterView): Change[] {
  return view.list('cronjobs').flatMap((cron) => {
    if (cron.metadata.deletionTimestamp || cron.spec.suspend) return [];
    return [...startDue(view, cron), ...pruneHistory(view, cron)];
  });
}

function startDue(view: ClusterView, cron: CronJob): Change[] {
  const minute = Math.floor(view.nowMs / MINUTE_MS) * MINUTE_MS;
  const lastMs =
    fromTimestamp(cron.status.lastScheduleTime) ?? fromTimestamp(cron.metadata.creationTimestamp) ?? 0;
  if (minute <= lastMs || !matchesSchedule(cron.spec.schedule, minute)) return [];
  const { namespace, name } = cron.metadata;
  const jobName = `${name}-${minute / MINUTE_MS}`;
  const job: KindMap['jobs'] = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: newMeta(jobName, namespace, {
      labels: cron.spec.jobTemplate.metadata?.labels ?? null,
      owner: controllerOf('batch/v1', 'CronJob', cron.metadata),
    }),
    spec: { completions: 1, parallelism: 1, backoffLimit: 6, ...cron.spec.jobTemplate.spec },
    status: {},
  };
  return [
    { op: 'create', resource: 'jobs', object: job },
    {
      op: 'update',
      resource: 'cronjobs',
      object: { ...cron, status: { ...cron.status, lastScheduleTime: toTimestamp(minute) } },
    },
    eventAbout(
      referenceTo(cron, 'batch/v1', 'CronJob'),
      'Normal',
      'SuccessfulCreate',
      `Created job ${jobName}`,
      'cronjob-controller',
    ),
  ];
}

function pruneHistory(view: ClusterView, cron: CronJob): Change[] {
  const ended = view
    .list('jobs', cron.metadata.namespace)
    .filter((job) => isOwnedBy(job, cron.metadata.uid))
    .filter(
      (job) =>
        isConditionTrue(job.status.conditions, 'Complete') ||
        isConditionTrue(job.status.conditions, 'Failed'),
    );
  const surplus = ended.length - (cron.spec.successfulJobsHistoryLimit ?? DEFAULT_HISTORY);
  return ended.slice(0, Math.max(0, surplus)).map((job) => ({
    op: 'delete',
    resource: 'jobs',
    namespace: job.metadata.namespace,
    name: job.metadata.name,
  }));
}

/** Whether a five-field cron expression (numbers, lists, ranges, steps; UTC) holds at a minute. */
export function matchesSchedule(schedule: string, atMs: number): boolean {
  const date = new Date(atMs);
  const values = [
    date.getUTCMinutes(),
    date.getUTCHours(),
    date.getUTCDate(),
    date.getUTCMonth() + 1,
    date.getUTCDay(),
  ];
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== values.length) return false;
  return fields.every((field, index) => {
    const value = values[index] ?? 0;
    return field.split(',').some((part) => matchesPart(part, value));
  });
}

function matchesPart(part: string, value: number): boolean {
  const [range = '*', stepText] = part.split('/');
  const step = stepText === undefined ? 1 : Number(stepText);
  const [fromText = '*', toText] = range.split('-');
  const from = fromText === '*' ? 0 : Number(fromText);
  const open = fromText === '*' || stepText !== undefined;
  const to = toText === undefined ? (open ? Number.POSITIVE_INFINITY : from) : Number(toText);
  return value >= from && value <= to && (value - from) % step === 0;
}
