import type { Kernel } from '#src/server/kernel.ts';
import type { SessionSnapshot } from '../../schema.ts';
import { readItems } from './read-items.ts';
import { readSessionView, type SessionKey } from './read-session.ts';
import { costView } from './show-costs.ts';

/**
 * The whole state of a session page and the number of the last event in it, of one moment: folding the events after
 * `cursor` into it gives the same as folding all of them. Throws `not_found`.
 */
export function readSnapshot(kernel: Kernel, key: SessionKey): Promise<SessionSnapshot> {
  const costs = costView(kernel);
  return kernel.database.transaction(async (sql) => {
    const session = costs.session(await readSessionView(sql, key));
    const cursor = session.counts.events;
    const items = await readItems(sql, { sessionId: key.sessionId, cursor });
    return { cursor, session, items: items.map(costs.item) };
  }, 'repeatable read');
}
