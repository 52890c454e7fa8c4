import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  eventBodySchema,
  isTerminal,
  type SessionView,
  sessionEventSchema,
  sessionSchema,
} from '#src/features/sessions/schema.ts';
import type { ApiClient } from './api-client.ts';
import { CommandError } from './cli-error.ts';
import { createEventPrinter } from './describe-event.ts';
import { WATCH_INTERVAL_MS, WATCH_MAX_FAILURES, WATCH_PAGE } from './tunables.ts';

const pageSchema = z.object({ items: z.array(sessionEventSchema), latest: z.number().int() });

/**
 * Follows a session's event log and prints a line for each thing that happened, until the session has ended. A server
 * that goes away for a while is waited for. Returns the session as it ended.
 */
export async function watchSession(
  api: ApiClient,
  id: string,
  print: (line: string) => void,
): Promise<SessionView> {
  const linesOf = createEventPrinter();
  let failures = 0;
  let session = await api.get(`/sessions/${id}`, sessionSchema);
  let after = session.eventsRemovedUpTo;
  if (after > 0) print(`Events up to ${after} have been removed by retention.`);
  for (;;) {
    try {
      const page = await api.get(`/sessions/${id}/events?after=${after}&limit=${WATCH_PAGE}`, pageSchema);
      for (const event of page.items) {
        after = event.seq;
        const body = eventBodySchema.safeParse(event);
        if (body.success) for (const line of linesOf(body.data)) print(line);
      }
      failures = 0;
      if (after < page.latest) continue;
      if (isTerminal(session.status)) return session;
      session = await api.get(`/sessions/${id}`, sessionSchema);
      // Read the log once more when it has ended: its last events may have come in between.
      if (isTerminal(session.status)) continue;
    } catch (error) {
      if (!(error instanceof CommandError) || ++failures >= WATCH_MAX_FAILURES) throw error;
    }
    await sleep(WATCH_INTERVAL_MS);
  }
}
