import { z } from 'zod';
import { AppError } from '#src/server/errors.ts';

/** An opaque place in a list: base64url of JSON, so that callers pass it on and do not build it. */
export const encodeCursor = (position: unknown): string =>
  Buffer.from(JSON.stringify(position), 'utf8').toString('base64url');

/** Reads a cursor that a caller sent. Throws `bad_request` for anything that `encodeCursor` did not make. */
export function decodeCursor<T extends z.ZodType>(cursor: string, shape: T): z.infer<T> {
  const parsed = shape.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new AppError('bad_request', 'The cursor is not valid.', {
    fields: [{ path: 'cursor', message: 'not a cursor of this list; start without one' }],
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The last sequence number that a page held. */
export const seqCursorSchema = z.object({ seq: z.number().int().min(0).max(2_147_483_647) });
