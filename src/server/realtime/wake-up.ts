import { z } from 'zod';

const wakeUpSchema = z.object({
  s: z.string(),
  q: z.number().int(),
  p: z.string(),
  l: z.union([z.literal(0), z.literal(1)]).default(0),
});

/** What a writer announces once per appended batch, in its transaction. */
export type WakeUp = {
  sessionId: string;
  /** Number of the newest event of the session. */
  maxSeq: number;
  projectId: string;
  /** Whether something changed that a row of the session list shows. */
  listChanged: boolean;
};

/** Reads a notification; undefined for anything that is not one of ours. */
export function parseWakeUp(payload: string | undefined): WakeUp | undefined {
  try {
    const { s, q, p, l } = wakeUpSchema.parse(JSON.parse(payload ?? ''));
    return { sessionId: s, maxSeq: q, projectId: p, listChanged: l === 1 };
  } catch {
    return undefined;
  }
}
