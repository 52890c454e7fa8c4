import { z } from 'zod';
import { idSchema } from '#src/server/ids.ts';
import { defineJob } from '#src/server/jobs/define-job.ts';

/**
 * Asks a worker to run sessions. The session named is why the job exists; which one is run is decided when it is
 * claimed (the oldest pending one, or the named one if it has lost its worker), so the job may be repeated freely.
 */
export const runSessionJob = defineJob({
  name: 'run-session',
  payload: z.object({ sessionId: idSchema }),
  maxAttempts: 5,
});
