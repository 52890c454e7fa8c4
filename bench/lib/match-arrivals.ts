import type { TimedAppend } from './record-appends.ts';
import type { Arrival } from './watch-sessions.ts';

export type Matched = TimedAppend & { atMs: number };

/**
 * For each appended batch, when its newest event reached the client. `missing`: batches that never did; `gaps`: messages
 * that did not begin right after the one before.
 */
export function matchArrivals(options: { appends: readonly TimedAppend[]; arrivals: readonly Arrival[] }): {
  matched: Matched[];
  missing: number;
  gaps: number;
} {
  const bySession = Map.groupBy(options.arrivals, (arrival) => arrival.sessionId);
  let gaps = 0;
  for (const messages of bySession.values()) {
    let last = 0;
    for (const { from, to } of messages) {
      if (from !== last + 1) gaps += 1;
      last = to;
    }
  }
  const matched: Matched[] = [];
  let missing = 0;
  for (const [sessionId, appends] of Map.groupBy(options.appends, (append) => append.sessionId)) {
    const messages = bySession.get(sessionId) ?? [];
    let next = 0;
    for (const append of [...appends].sort((a, b) => a.seq - b.seq)) {
      while ((messages[next]?.to ?? Number.POSITIVE_INFINITY) < append.seq) next += 1;
      const message = messages[next];
      if (message) matched.push({ ...append, atMs: message.atMs });
      else missing += 1;
    }
  }
  return { matched, missing, gaps };
}
