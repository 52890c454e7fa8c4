import { z } from 'zod';
import { jsonObject, time } from './schema-parts.ts';
import { alertViewSchema, executionSchema, sessionSchema, stageSchema } from './schema-session.ts';
import { itemStatusSchema, timelineItemSchema } from './schema-timeline.ts';

/** Fields of the session that events may change. */
export const sessionPatchSchema = sessionSchema
  .omit({ id: true, projectId: true, stages: true, alert: true, createdAt: true })
  .extend({ alert: alertViewSchema.omit({ data: true }).partial() })
  .partial();
export type SessionPatch = z.infer<typeof sessionPatchSchema>;

/**
 * What is appended to the event log. Deltas carry the offset at which their text starts, so that applying one twice,
 * or applying the merged text after parts of it, gives the same content.
 */
export const eventBodySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('session.patch'), payload: sessionPatchSchema }),
  z.object({ type: z.literal('stage.upsert'), payload: stageSchema.omit({ executions: true }) }),
  z.object({ type: z.literal('execution.upsert'), payload: executionSchema }),
  z.object({ type: z.literal('item.started'), payload: timelineItemSchema.omit({ seq: true }) }),
  z.object({
    type: z.literal('item.delta'),
    payload: z.object({ itemId: z.string(), offset: z.number().int(), text: z.string() }),
  }),
  /** Changes `data` of an item that is still open: progress of a running tool. */
  z.object({ type: z.literal('item.patch'), payload: z.object({ itemId: z.string(), data: jsonObject }) }),
  z.object({
    type: z.literal('item.completed'),
    payload: z.object({
      itemId: z.string(),
      status: itemStatusSchema,
      /** Length of the complete content; deltas before this event hold the text itself. */
      length: z.number().int(),
      data: jsonObject,
      completedAt: time,
    }),
  }),
  /** A delta whose text now stands in the merged delta of its completed item. */
  z.object({ type: z.literal('compacted'), payload: z.object({}) }),
]);
export type EventBody = z.infer<typeof eventBodySchema>;

/** One row of the log. `seq` is dense from 1 within a session. */
export type SessionEvent = EventBody & { seq: number; createdAt: string };
export const sessionEventSchema = z.object({
  seq: z.number().int(),
  type: z.string(),
  payload: jsonObject,
  createdAt: time,
});

/** State of a session page and the number of the last event in it. */
export const sessionSnapshotSchema = z.object({
  cursor: z.number().int(),
  session: sessionSchema,
  items: z.array(timelineItemSchema),
});
export type SessionSnapshot = z.infer<typeof sessionSnapshotSchema>;
