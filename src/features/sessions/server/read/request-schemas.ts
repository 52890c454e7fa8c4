import { z } from 'zod';
import { EVENTS_LIMIT_MAX, OUTPUT_SLICE_DEFAULT, OUTPUT_SLICE_MAX } from './tunables.ts';

/** Largest number that the columns and parameters of type `int` hold. */
const INT_MAX = 2_147_483_647;

/** A range of the event log: above `after`, at most `limit`. */
export const eventRangeSchema = z.object({
  after: z.coerce.number().int().min(0).max(INT_MAX).default(0),
  limit: z.coerce.number().int().min(1).max(EVENTS_LIMIT_MAX).default(EVENTS_LIMIT_MAX),
});

/** A slice of a spilled output, in characters. */
export const outputSliceSchema = z.object({
  offset: z.coerce
    .number()
    .int()
    .min(0)
    .max(INT_MAX - 1)
    .default(0),
  limit: z.coerce.number().int().min(1).max(OUTPUT_SLICE_MAX).default(OUTPUT_SLICE_DEFAULT),
});
