import { z } from 'zod';
import { AppError } from '#src/server/errors.ts';
import type { RunbookEntry, RunbookList } from '../schema.ts';
import { LIST_LIMIT_DEFAULT, LIST_LIMIT_MAX } from './tunables.ts';

export const runbookPageSchema = z.object({
  q: z.string().max(500).optional().describe('Words that the path contains'),
  limit: z.coerce.number().int().min(1).max(LIST_LIMIT_MAX).default(LIST_LIMIT_DEFAULT),
  cursor: z.string().max(100).optional(),
});

/** One page of the list, of the entries whose path contains every word. Throws `bad_request` for a foreign cursor. */
export function pageRunbooks(
  list: { entries: readonly RunbookEntry[]; note: string | null },
  { q, limit, cursor }: z.infer<typeof runbookPageSchema>,
): RunbookList {
  const words = (q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const found = list.entries.filter(({ path }) => words.every((word) => path.toLowerCase().includes(word)));
  const start = readCursor(cursor);
  const end = start + limit;
  return {
    items: found.slice(start, end),
    nextCursor: end < found.length ? Buffer.from(String(end)).toString('base64url') : null,
    note: list.note,
  };
}

function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new AppError('bad_request', 'The cursor is not valid.', {
    fields: [{ path: 'cursor', message: 'not a cursor of this list; start without one' }],
  });
}
