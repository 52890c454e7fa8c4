import { z } from 'zod';
import { wholeNumber } from './value-schemas.ts';

/** How much one sender may deliver. */
export const intakeSchema = z.strictObject({
  /** Of each key, person and signed webhook, in each web process. Absent: no limit. */
  rateLimit: z
    .strictObject({
      perMinute: wholeNumber(1, 1_000_000),
      /** At once, after a pause. Absent: as many as in a minute. */
      burst: wholeNumber(1, 1_000_000).optional(),
    })
    .optional(),
});
