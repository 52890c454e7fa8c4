import { z } from 'zod';
import { checkOutcomes } from '#src/lib/check-outcome.ts';

export const checkOutcomeSchema = z.enum(checkOutcomes);

export const checkFindingSchema = z.object({ key: z.string(), text: z.string() });

/** What a session's page and its row in lists say of the check that it ran for. */
export const sessionCheckSchema = z.object({
  name: z.string(),
  /** Null while it runs, and when it was cancelled. */
  outcome: checkOutcomeSchema.nullable(),
  summary: z.string().nullable(),
  findings: z.number().int(),
  /** Since when the outcome, with these very findings, has been the same; its own end when it is news. */
  since: z.iso.datetime().nullable(),
  /** Whether earlier runs had found the same. */
  unchanged: z.boolean(),
});
export type SessionCheck = z.infer<typeof sessionCheckSchema>;
