import type { Pool } from '#src/server/db/database.ts';
import { appendBatches, type EventBatch, firstSeqOf } from './append-events.ts';

type Waiting = { batch: EventBatch; resolve: (firstSeq: number) => void; reject: (error: unknown) => void };
type Append = (batch: EventBatch) => Promise<number>;

const appenders = new WeakMap<Pool, Append>();

/**
 * Appends events of a session, in one statement with whatever other sessions of this process hand in while the statement
 * before is on its way: a session alone waits for nobody, many share one commit. PostgreSQL commits transactions that notify
 * one at a time, so a commit for each would soon queue up behind the disk. Returns and fails as `appendEvents` does.
 * Two lanes of one session take turns.
 */
export function appendTogether(pool: Pool, batch: EventBatch): Promise<number> {
  const append = appenders.get(pool) ?? createAppender(pool);
  appenders.set(pool, append);
  return append(batch);
}

function createAppender(pool: Pool): Append {
  let waiting: Waiting[] = [];
  let busy = false;

  const drain = async () => {
    if (busy) return;
    busy = true;
    while (waiting.length > 0) {
      const group = firstOfEachSession(waiting);
      waiting = waiting.filter((member) => !group.includes(member));
      await appendGroup(pool, group);
    }
    busy = false;
  };

  return (batch) =>
    new Promise((resolve, reject) => {
      waiting.push({ batch, resolve, reject });
      void drain();
    });
}

/** One statement numbers the events of a session once. */
function firstOfEachSession(members: readonly Waiting[]): Waiting[] {
  return [...new Map(members.toReversed().map((member) => [member.batch.sessionId, member])).values()];
}

/** Settles every member; never rejects. */
async function appendGroup(pool: Pool, group: readonly Waiting[]): Promise<void> {
  let firstSeqs: Map<string, number>;
  try {
    firstSeqs = await appendBatches(
      pool,
      group.map(({ batch }) => batch),
    );
  } catch (error) {
    if (group.length === 1 || !isRefusedData(error)) {
      for (const member of group) member.reject(error);
      return;
    }
    // Nothing was written. What the database does not take from one session is not the fault of the others.
    for (const member of group) await appendGroup(pool, [member]);
    return;
  }
  for (const { batch, resolve, reject } of group) {
    try {
      resolve(firstSeqOf(firstSeqs, batch.sessionId));
    } catch (error) {
      reject(error);
    }
  }
}

/** PostgreSQL's class 22, data exceptions: the statement was certainly rolled back, which a lost connection does not tell. */
function isRefusedData(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('22')
  );
}
