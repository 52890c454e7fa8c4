import { z } from 'zod';
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
    for (const append of appendsOf(args, result)) appends.push({ ...append, beganMs, committedMs });
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
            inside.push(...appendsOf(args, answer));
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

const appendedSchema = z.object({ rows: z.array(z.object({ id: z.string(), last_seq: z.number() })) });

/** A statement as `query` takes it: its text, or an object that has it. */
const statementSchema = z.union([z.string(), z.object({ text: z.string() }).transform(({ text }) => text)]);

/** The sessions and their newest numbers when the statement was the one that appends events. */
function appendsOf(args: unknown[], result: unknown): { sessionId: string; seq: number }[] {
  const text = statementSchema.safeParse(args[0]).data;
  if (!text?.includes('insert into session_event')) return [];
  return appendedSchema.parse(result).rows.map((row) => ({ sessionId: row.id, seq: row.last_seq }));
}
