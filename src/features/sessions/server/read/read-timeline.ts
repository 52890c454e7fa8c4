import type { Kernel } from '#src/server/kernel.ts';
import type { TimelineItem } from '../../schema.ts';
import { decodeCursor, encodeCursor, seqCursorSchema } from './page-cursor.ts';
import { readItems } from './read-items.ts';
import { requireSession, type SessionKey } from './read-session.ts';
import { costView } from './show-costs.ts';

/** A page of a session's timeline, in the order in which items started. Throws `not_found`, `bad_request`. */
export function readTimeline(
  kernel: Kernel,
  options: SessionKey & { limit: number; cursor?: string | undefined },
): Promise<{ items: TimelineItem[]; nextCursor: string | null }> {
  const after = options.cursor ? decodeCursor(options.cursor, seqCursorSchema).seq : 0;
  return kernel.database.transaction(async (sql) => {
    const { lastSeq } = await requireSession(sql, options);
    const { sessionId, limit } = options;
    const found = await readItems(sql, { sessionId, cursor: lastSeq, after, limit: limit + 1 });
    const items = found.slice(0, limit).map(costView(kernel).item);
    const last = items.at(-1);
    return { items, nextCursor: last && found.length > limit ? encodeCursor({ seq: last.seq }) : null };
  }, 'repeatable read');
}
