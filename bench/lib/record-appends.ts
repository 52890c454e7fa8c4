import type { Database } from '#src/server/db/database.ts';
import { monotonicMs } from './monotonic-clock.ts';

/** One batch of events: its newest number, when its statement was handed to the pool, and when its commit was confirmed. */
export type TimedAppend = { sessionId: string; seq: number; beganMs: number; committedMs: number };

type Query = (...args: unknown[]) => Promise<unknown>;

/**
 * The same database, which notes the times of each append of events. Outside a transaction the statement's answer is
 * the commit; inside one, the end of the transaction.
 */
export function recordAppends(database: Database): { database: Database; appends: TimedAppend[] } {
  const appends: TimedAppend[] = [];
  const timedPool = interceptQuery(database.pool, (query) => async (...args) => {
    const beganMs = monotonicMs();
    const result = await query(...args);
    const committedMs = monotonicMs();
    const append = appendOf(args, result);
    if (append) appends.push({ ...append, beganMs, committedMs });
    return result;
  });
  return {
    appends,
    database: {
      ...database,
      pool: timedPool,
      async transaction(work, isolation) {
        const beganMs = monotonicMs();
        const inside: { sessionId: string; seq: number }[] = [];
        const result = await database.transaction((sql) => {
          const timed = interceptQuery(sql, (query) => async (...args) => {
            const answer = await query(...args);
            const append = appendOf(args, answer);
            if (append) inside.push(append);
            return answer;
          });
          return work(timed);
        }, isolation);
        const committedMs = monotonicMs();
        for (const append of inside) appends.push({ ...append, beganMs, committedMs });
        return result;
      },
    },
  };
}

/** `target` with its `query` replaced; everything else is passed through. */
function interceptQuery<T extends object>(target: T, wrap: (query: Query) => Query): T {
  return new Proxy(target, {
    get(object, name) {
      const member: unknown = Reflect.get(object, name);
      if (typeof member !== 'function') return member;
      const bound: Query = member.bind(object);
      return name === 'query' ? wrap(bound) : bound;
    },
  });
}

/** The session and newest number when the statement was the one that appends events. */
function appendOf(args: unknown[], result: unknown): { sessionId: string; seq: number } | undefined {
  const [text, values] = args;
  if (typeof text !== 'string' || !text.includes('insert into session_event')) return undefined;
  const sessionId: unknown = Array.isArray(values) ? values[0] : undefined;
  const seq = lastSeqOf(result);
  return typeof sessionId === 'string' && seq !== undefined ? { sessionId, seq } : undefined;
}

function lastSeqOf(result: unknown): number | undefined {
  if (typeof result !== 'object' || result === null || !('rows' in result)) return undefined;
  const row: unknown = Array.isArray(result.rows) ? result.rows[0] : undefined;
  if (typeof row !== 'object' || row === null || !('last_seq' in row)) return undefined;
  return typeof row.last_seq === 'number' ? row.last_seq : undefined;
}
