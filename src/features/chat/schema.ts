import { z } from 'zod';
import { runStatusSchema } from '#src/features/sessions/schema.ts';

/** What one question may hold. */
export const CHAT_MESSAGE_MAX_CHARS = 100_000;
/** Questions of one session that may wait while another is being answered. */
export const CHAT_QUEUE_MAX = 5;

export const chatMessageSchema = z.object({
  message: z
    .string()
    .trim()
    .min(1, 'The question is empty.')
    .max(CHAT_MESSAGE_MAX_CHARS, `A question has at most ${CHAT_MESSAGE_MAX_CHARS} characters.`),
});

const time = z.iso.datetime();

/** A question and what became of it. Its text and answer are also in the timeline, as a stage of type `chat`. */
export const chatTurnSchema = z.object({
  turnId: z.string(),
  stageId: z.string(),
  status: runStatusSchema,
  author: z.string(),
  /** Masked. */
  question: z.string(),
  answer: z.string().nullable(),
  error: z.string().nullable(),
  createdAt: time,
  startedAt: time.nullable(),
  completedAt: time.nullable(),
});
export type ChatTurn = z.infer<typeof chatTurnSchema>;

/** Where a turn is found after it was asked. */
export const askedSchema = z.object({ turnId: z.string(), stageId: z.string() });
