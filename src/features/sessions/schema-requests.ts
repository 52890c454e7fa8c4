import { z } from 'zod';
import { time } from './schema-parts.ts';
import { ratingSchema, reviewStatusSchema, scoringSchema, sessionListItemSchema } from './schema-session.ts';
import { runStatusSchema } from './schema-statuses.ts';

export const LIST_LIMIT_DEFAULT = 50;
export const LIST_LIMIT_MAX = 200;

const csv = <T extends z.ZodType>(element: T) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value),
    z.array(element).optional(),
  );

export const scoreBandNames = ['good', 'fair', 'poor'] as const;
export const scoreBandSchema = z.enum(scoreBandNames);
export type ScoreBand = z.infer<typeof scoreBandSchema>;
/** Totals of each band, both ends included. */
export const scoreBands: Record<ScoreBand, readonly [number, number]> = {
  good: [80, 100],
  fair: [60, 79],
  poor: [0, 59],
};

/** Filters of the session list; the same in the page's address, tRPC, REST and the CLI. */
export const sessionFilterSchema = z.object({
  status: csv(runStatusSchema),
  alertType: z.string().optional(),
  chain: z.string().optional(),
  severity: z.string().optional(),
  review: csv(reviewStatusSchema),
  assignee: z.string().max(200).optional(),
  rating: ratingSchema.optional(),
  /** See `scoreBands`. */
  score: scoreBandSchema.optional(),
  scoring: scoringSchema.optional(),
  /** Whether something was changed; see the field of the same name. */
  changed: z.enum(['true', 'false']).optional(),
  q: z.string().max(500).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
export type SessionFilter = z.infer<typeof sessionFilterSchema>;

export const sessionSortSchema = z.enum([
  'createdAt',
  '-createdAt',
  'duration',
  '-duration',
  'cost',
  '-cost',
  'score',
  '-score',
  'status',
  '-status',
  'alertType',
  '-alertType',
  'author',
  '-author',
  'rating',
  '-rating',
]);
export type SessionSort = z.infer<typeof sessionSortSchema>;

export const isByCost = (sort: string): boolean => sort === 'cost' || sort === '-cost';

export const pageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(LIST_LIMIT_MAX).default(LIST_LIMIT_DEFAULT),
  cursor: z.string().max(500).optional(),
});

export const listSessionsInputSchema = sessionFilterSchema.extend(pageSchema.shape).extend({
  sort: sessionSortSchema.default('-createdAt'),
});

/** The values that a project's sessions have, for the filters of the list. */
export const filterOptionsSchema = z.object({
  alertTypes: z.array(z.string()),
  chains: z.array(z.string()),
  severities: z.array(z.string()),
  assignees: z.array(z.string()),
});
export type FilterOptions = z.infer<typeof filterOptionsSchema>;

/** What runs and what waits in a project. Places in the queue are those of the whole installation. */
export const activeSessionsSchema = z.object({
  /** Oldest start first. */
  running: z.array(sessionListItemSchema),
  /** Next one first; bounded, see `queuedTotal`. */
  queued: z.array(sessionListItemSchema),
  queuedTotal: z.number().int(),
});
export type ActiveSessions = z.infer<typeof activeSessionsSchema>;

/** One arrival of an alert. */
export const deliverySchema = z.object({
  receivedAt: time,
  source: z.string(),
  status: z.enum(['firing', 'resolved', 'expired']),
  /** Why it was counted where it was, in words. */
  reason: z.string(),
});
export type Delivery = z.infer<typeof deliverySchema>;
export const deliveryListSchema = z.object({ items: z.array(deliverySchema), total: z.number().int() });
