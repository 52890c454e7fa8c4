import { runFollowUpJob } from '#src/features/follow-ups/server/index.ts';
import { sendNotificationJob, settleSpentDispatches } from '#src/features/notifications/server/index.ts';
import { runSessionJob } from '#src/features/sessions/server/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { SPENT_JOBS_MAX } from './tunables.ts';

/**
 * Jobs without attempts left, which the queue would keep for ever. A job that a killed worker held becomes one when its
 * session gets a new job. Nothing is lost with most: sessions, follow-ups and notifications are found by their own rows.
 * What was still to be dispatched is in no row.
 */
export async function sweepSpentJobs(kernel: Kernel): Promise<void> {
  await settleSpentDispatches(kernel);
  await kernel.database.pool.query(
    `select 1 from graphile_worker.complete_jobs(array(
       select id from graphile_worker.jobs
       where task_identifier = any($1) and attempts >= max_attempts and locked_at is null limit $2))`,
    [[runSessionJob.name, runFollowUpJob.name, sendNotificationJob.name], SPENT_JOBS_MAX],
  );
}
