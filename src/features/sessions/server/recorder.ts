import type { Database } from '#src/server/db/database.ts';
import type { EventBody } from '../schema.ts';
import { appendTogether } from './append-together.ts';
import type { Lane } from './lanes.ts';
import { DELTA_FLUSH_MS } from './tunables.ts';
import { type Batch, chunks, type OpenItem, writeBatch } from './write-batch.ts';

/**
 * The one writer of a running session, or of a follow-up of an ended one. Each `commit` is one transaction: flushed deltas,
 * row writes, events, fenced by the epoch of its lane.
 * Calls are serialised, so events have one order whatever runs in parallel.
 */
export type Recorder = {
  readonly sessionId: string;
  /** Runs `work` and commits. Resolves when durable; rejects with `LeaseLostError` when the lease has moved on. */
  commit<T>(work: (batch: Batch) => T | Promise<T>): Promise<T>;
  /** Streamed text of an open item: kept for `DELTA_FLUSH_MS`, then committed with whatever else has come. */
  delta(itemId: string, text: string): void;
  /** Text of an item that is still open. */
  textOf(itemId: string): string;
  /** Waits until all that was handed in is durable. */
  flush(): Promise<void>;
};

export function createRecorder(options: {
  database: Database;
  sessionId: string;
  epoch: number;
  /** `run` unless it writes what follows the session's end. */
  lane?: Lane;
}): Recorder {
  const { database, sessionId, epoch, lane } = options;
  const open = new Map<string, OpenItem>();
  let timer: NodeJS.Timeout | undefined;
  let failure: unknown;
  let queue: Promise<unknown> = Promise.resolve();

  const serialise = <T>(task: () => Promise<T>): Promise<T> => {
    const run = queue.then(() => {
      if (failure) throw failure;
      return task();
    });
    queue = run.catch((error: unknown) => {
      failure ??= error;
    });
    return run;
  };

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

  const flushDeltas = () =>
    serialise(async () => {
      const events = takeDeltas();
      if (events.length > 0) await appendTogether(database.pool, { sessionId, epoch, lane, events });
    });

  const commit = <T>(work: (batch: Batch) => T | Promise<T>): Promise<T> =>
    serialise(() =>
      database.transaction((sql) =>
        writeBatch(sql, { sessionId, epoch, lane, open, takeEvents: takeDeltas }, work),
      ),
    );

  return {
    sessionId,
    commit,
    delta(itemId, text) {
      const item = open.get(itemId);
      if (!item || text === '') return;
      item.text += text.replaceAll('\0', '');
      // A failed flush is kept as `failure` and meets the run at its next commit.
      timer ??= setTimeout(() => void flushDeltas().catch(() => undefined), DELTA_FLUSH_MS);
    },
    textOf: (itemId) => open.get(itemId)?.text ?? '',
    flush: flushDeltas,
  };
}
