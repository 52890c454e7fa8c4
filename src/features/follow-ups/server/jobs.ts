import { z } from 'zod';
import type { Sql } from '#src/server/db/database.ts';
import { idSchema } from '#src/server/ids.ts';
import { addJob, defineJob } from '#src/server/jobs/define-job.ts';

/**
 * Asks a worker to run follow-ups of the named one's lane. Which one is run is decided when it is claimed, so the job may be
 * repeated freely.
 */
export const runFollowUpJob = defineJob({
  name: 'run-follow-up',
  payload: z.object({ followUpId: idSchema }),
  maxAttempts: 5,
});

export const enqueueFollowUp = (sql: Sql, followUpId: string): Promise<void> =>
  addJob(sql, runFollowUpJob, { followUpId }, { key: `run-follow-up:${followUpId}` });
