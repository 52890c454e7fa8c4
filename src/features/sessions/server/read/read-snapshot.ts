import type { Kernel } from '#src/server/kernel.ts';
import type { SessionSnapshot } from '../../schema.ts';
import { readItems } from './read-items.ts';
import { readSessionView, type SessionKey } from './read-session.ts';

/**
 * The whole state of a session page and the number of the last event in it, of one moment: folding the events after
 * `cursor` into it gives the same as folding all of them. Throws `not_found`.
 */
export function readSnapshot(kernel: Kernel, key: SessionKey): Promise<SessionSnapshot> {
  return kernel.database.transaction(async (sql) => {
    const session = await readSessionView(sql, key);
    const cursor = session.counts.events;
    return { cursor, session, items: await readItems(sql, { sessionId: key.sessionId, cursor }) };
  }, 'repeatable read');
}
