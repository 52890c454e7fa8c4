import type { Database, Sql } from '#src/server/db/database.ts';
import type { EventBody } from '../schema.ts';
import { appendTogether } from './append-together.ts';
import type { Lane } from './lanes.ts';
import { DELTA_FLUSH_MS } from './tunables.ts';
import { type Batch, chunks, type OpenItem, writeBatch } from './write-batch.ts';

/**
 * The one writer of a running session, or of a follow-up of an ended one. A `commit` is a transaction: flushed deltas, row
 * writes, events, fenced by the epoch of its lane. What comes while one is on its way shares the next one, in order, so
 * that parallel agents do not queue up behind each other; events have one order whatever runs in parallel. After a failure
 * nothing more is written.
 */
export type Recorder = {
  readonly sessionId: string;
  /** Runs `work` and commits. Resolves when durable; rejects with `LeaseLostError` when the lease has moved on. */
  commit<T>(work: (batch: Batch) => T | Promise<T>): Promise<T>;
  /**
   * Like `commit`, and nobody waits for it: goes with the next commit, or with streamed text after `DELTA_FLUSH_MS`. For
   * what is to be durable before whatever is committed next. A failure meets the run at its next commit.
   */
  write(work: (batch: Batch) => void | Promise<void>): void;
  /** Streamed text of an open item: kept for `DELTA_FLUSH_MS`, then committed with whatever else has come. */
  delta(itemId: string, text: string): void;
  /** Text of an item that is still open. */
  textOf(itemId: string): string;
  /** Waits until all that was handed in is durable. */
  flush(): Promise<void>;
};

/** What waits to be written; without work, streamed text alone. */
type Member = {
  work: ((batch: Batch) => Promise<void>) | null;
  resolve: () => void;
  reject: (error: unknown) => void;
};

const ignore = () => undefined;

export function createRecorder(options: {
  database: Database;
  sessionId: string;
  epoch: number;
  /** `run` unless it writes what follows the session's end. */
  lane?: Lane;
  /** What must be durable before or with everything that is written: see `SessionIdentifiers.save`. */
  save?: (sql: Sql) => Promise<() => void>;
}): Recorder {
  const { database, sessionId, epoch, lane, save } = options;
  const open = new Map<string, OpenItem>();
  let timer: NodeJS.Timeout | undefined;
  let failure: { error: unknown } | undefined;
  let waiting: Member[] = [];
  let busy = false;

  const takeDeltas = (): EventBody[] => {
    clearTimeout(timer);
    timer = undefined;
    const events: EventBody[] = [];
    for (const [itemId, item] of open) {
      for (const chunk of chunks(item.text, item.sent)) {
        events.push({ type: 'item.delta', payload: { itemId, ...chunk } });
        item.deltas += 1;
        item.sent = chunk.offset + chunk.text.length;
      }
    }
    return events;
  };

  /** Rejects when nothing of the group was written. */
  const write = async (group: readonly Member[]): Promise<void> => {
    if (failure) throw failure.error;
    if (group.every(({ work }) => work === null)) {
      const events = takeDeltas();
      if (events.length === 0) return;
      const saved = await save?.(database.pool);
      saved?.();
      await appendTogether(database.pool, { sessionId, epoch, lane, events });
      return;
    }
    const saved = await database.transaction((sql) =>
      writeBatch(sql, { sessionId, epoch, lane, open, takeEvents: takeDeltas }, async (batch) => {
        for (const { work } of group) await work?.(batch);
        return save?.(sql);
      }),
    );
    saved?.();
  };

  const drain = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await write(group);
        for (const member of group) member.resolve();
      } catch (error) {
        failure ??= { error };
        for (const member of group) member.reject(error);
      }
    }
    busy = false;
  };

  const enter = (member: Member): void => {
    waiting.push(member);
    void drain();
  };

  const flush = () => new Promise<void>((resolve, reject) => enter({ work: null, resolve, reject }));
  // A failed flush is kept as `failure` and meets the run at its next commit.
  const flushSoon = () => {
    timer ??= setTimeout(() => void flush().catch(() => undefined), DELTA_FLUSH_MS);
  };

  const commit = <T>(work: (batch: Batch) => T | Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      let settle = () => {};
      enter({
        async work(batch) {
          const result = await work(batch);
          settle = () => resolve(result);
        },
        resolve: () => settle(),
        reject,
      });
    });

  return {
    sessionId,
    commit,
    write(work) {
      waiting.push({ work: async (batch) => work(batch), resolve: ignore, reject: ignore });
      flushSoon();
    },
    delta(itemId, text) {
      const item = open.get(itemId);
      if (!item || text === '') return;
      item.text += text.replaceAll('\0', '');
      flushSoon();
    },
    textOf: (itemId) => open.get(itemId)?.text ?? '',
    flush,
  };
}
