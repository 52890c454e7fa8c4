import { storable, storableJson } from '#src/lib/storable-text.ts';
import type { Transaction } from '#src/server/db/database.ts';
import { newId } from '#src/server/ids.ts';
import type { EventBody, ItemStatus, ItemType } from '../schema.ts';
import { appendStatement, LeaseLostError } from './append-events.ts';
import { epochColumns, type Lane } from './lanes.ts';
import {
  addUsage,
  type SessionUsage,
  USAGE_COLUMNS,
  type UsageRow,
  usageOfRow,
  usagePatch,
  usageValues,
} from './session-usage.ts';
import { EVENT_TEXT_MAX_CHARS } from './tunables.ts';

type ItemPlace = {
  stageId: string | null;
  executionId: string | null;
  /** Of a sub-agent's item. */
  parentExecutionId?: string | null;
};

export type NewItem = ItemPlace & {
  /** For an item that is spoken of before it is written. */
  id?: string;
  type: ItemType;
  /** `streaming` (the default) for an item that goes on; any other status for one that is complete at once. */
  status?: ItemStatus;
  content?: string;
  data?: Record<string, unknown>;
};

export type ItemEnd = {
  status: ItemStatus;
  data?: Record<string, unknown>;
  /** Replaces what was streamed. */
  content?: string;
};

/** What one commit does: row writes through `sql`, and the events that tell of them, in order. */
export type Batch = {
  sql: Transaction;
  emit(event: EventBody): void;
  startItem(item: NewItem): string;
  patchItem(itemId: string, data: Record<string, unknown>): void;
  completeItem(itemId: string, end: ItemEnd): void;
  /** Ends what an execution has open in the timeline, also what waits for people; its text stays. */
  completeItemsOf(executionId: string, end: Omit<ItemEnd, 'content'>): Promise<void>;
  /** Adds to what the session has used; returns what that comes to. */
  addUsage(more: Partial<SessionUsage>): SessionUsage;
};

export type OpenItem = { text: string; sent: number; deltas: number };

/**
 * One batch in the caller's transaction: locks the session, runs `work`, and appends what it emitted. With `epoch` it is
 * fenced and throws `LeaseLostError`; without, it is for those who write to a session from outside of a run.
 */
export async function writeBatch<T>(
  sql: Transaction,
  options: {
    sessionId: string;
    epoch?: number | undefined;
    lane?: Lane | undefined;
    /** Items that are open across batches. */
    open?: Map<string, OpenItem>;
    /** Called once the session is locked: events that come before those of `work`. */
    takeEvents?: () => EventBody[];
  },
  work: (batch: Batch) => T | Promise<T>,
): Promise<T> {
  const { sessionId, epoch, lane, open = new Map(), takeEvents } = options;
  // First of all: every writer locks the session before what is below it, so none waits for another in a circle.
  const usedBefore = await lockSession(sql, { sessionId, epoch, lane: lane ?? 'run' });
  const events = takeEvents?.() ?? [];
  const itemWrites: ItemWrite[] = [];
  const { batch, used } = createBatch({ sql, sessionId, open, events, itemWrites, usedBefore });
  const result = await work(batch);
  if (used() !== usedBefore) {
    sql.write(`update session set (${USAGE_COLUMNS}) = ($2, $3, $4, $5, $6, $7) where id = $1`, [
      sessionId,
      ...usageValues(used()),
    ]);
    events.push(usagePatch(usedBefore, used()));
  }
  if (events.length > 0) {
    const append = appendStatement([{ sessionId, epoch, lane, events }]);
    sql.write(append.text, append.values);
    for (const write of itemWrites) write((index) => events.length - 1 - index);
  }
  return result;
}

/**
 * The row of an item, written once the batch's events have their numbers. `eventsAfter` is how far the number of the event
 * at an index of the batch is below the session's newest.
 */
type ItemWrite = (eventsAfter: (index: number) => number) => void;

/** Fences the writer; returns what the session has used so far. */
async function lockSession(
  sql: Transaction,
  { sessionId, epoch, lane }: { sessionId: string; epoch: number | undefined; lane: Lane },
): Promise<SessionUsage> {
  const { rows } = await sql.query<UsageRow>({
    name: `lock-session-${lane}`,
    text: `select ${USAGE_COLUMNS} from session
       where id = $1 and ($2::int is null or ${epochColumns[lane]} = $2) for no key update`,
    values: [sessionId, epoch ?? null],
  });
  const row = rows[0];
  if (!row) throw new LeaseLostError(`session ${sessionId} is not ours any more`);
  return usageOfRow(row);
}

function createBatch(context: {
  sql: Transaction;
  sessionId: string;
  open: Map<string, OpenItem>;
  events: EventBody[];
  itemWrites: ItemWrite[];
  usedBefore: SessionUsage;
}): { batch: Batch; used(): SessionUsage } {
  const { sql, sessionId, open, events, itemWrites } = context;
  let used = context.usedBefore;
  const started = new Map<string, string | null>();
  const ended = new Set<string>();
  const now = () => new Date().toISOString();
  /** Returns how many deltas it took. */
  const emitText = (itemId: string, text: string): number => {
    const before = events.length;
    for (const chunk of chunks(text, 0)) events.push({ type: 'item.delta', payload: { itemId, ...chunk } });
    return events.length - before;
  };
  const batch: Batch = {
    sql,
    emit: (event) => void events.push(event),
    startItem(item) {
      const id = item.id ?? newId();
      const startedAt = now();
      const status = item.status ?? 'streaming';
      const completedAt = status === 'streaming' || status === 'waiting' ? null : startedAt;
      const { stageId, executionId, parentExecutionId = null } = item;
      const data = storableJson(item.data ?? {});
      const content = storable(item.content ?? '');
      // Text of an item that goes on is streamed text from its first word on.
      const isWhole = status !== 'streaming' && content.length <= EVENT_TEXT_MAX_CHARS;
      const index = events.length;
      events.push({
        type: 'item.started',
        payload: {
          id,
          type: item.type,
          status,
          stageId,
          executionId,
          parentExecutionId,
          content: isWhole ? content : '',
          data,
          startedAt,
          completedAt,
        },
      });
      const deltas = isWhole ? 0 : emitText(id, content);
      itemWrites.push((eventsAfter) =>
        sql.write(
          `insert into timeline_item (id, session_id, seq, type, status, stage_id, execution_id, content, data, started_at,
             completed_at, parent_execution_id)
           select $1, id, last_seq - $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 from session where id = $2`,
          [
            id,
            sessionId,
            eventsAfter(index),
            item.type,
            status,
            stageId,
            executionId,
            content,
            JSON.stringify(data),
            startedAt,
            completedAt,
            parentExecutionId,
          ],
        ),
      );
      if (!completedAt) {
        open.set(id, { text: content, sent: content.length, deltas });
        started.set(id, executionId);
      }
      return id;
    },
    patchItem(itemId, change) {
      const data = storableJson(change);
      events.push({ type: 'item.patch', payload: { itemId, data } });
      itemWrites.push(() =>
        sql.write('update timeline_item set data = data || $3 where session_id = $1 and id = $2', [
          sessionId,
          itemId,
          JSON.stringify(data),
        ]),
      );
    },
    completeItem(itemId, end) {
      ended.add(itemId);
      const item = open.get(itemId);
      const streamed = item?.text ?? '';
      const content = storable(end.content ?? streamed);
      const data = storableJson(end.data ?? {});
      const completedAt = now();
      const merge = content !== streamed || (item?.deltas ?? 0) > 1;
      const mergedFrom = events.length;
      if (merge) emitText(itemId, content);
      events.push({
        type: 'item.completed',
        payload: { itemId, status: end.status, length: content.length, data, completedAt },
      });
      const hadDeltas = item !== undefined && item.deltas > 0;
      itemWrites.push((eventsAfter) => {
        sql.write(
          `update timeline_item set status = $3, content = $4, data = data || $5, completed_at = $6
           where session_id = $1 and id = $2`,
          [sessionId, itemId, end.status, content, JSON.stringify(data), completedAt],
        );
        // The merged delta holds the whole text; the parts keep their numbers and lose their bodies.
        if (merge && hadDeltas)
          compactDeltas(sql, { sessionId, itemId, eventsAfter: eventsAfter(mergedFrom) });
      });
      open.delete(itemId);
    },
    async completeItemsOf(executionId, end) {
      const { rows } = await sql.query<{ id: string; content: string }>(
        `select id, content from timeline_item
         where session_id = $1 and execution_id = $2 and status in ('streaming', 'waiting') order by seq`,
        [sessionId, executionId],
      );
      // What this batch itself has started or ended is not in the rows yet.
      for (const [id, of] of started) if (of === executionId && !ended.has(id)) batch.completeItem(id, end);
      // The text of an item that this process streams is in memory; that of any other is in its row.
      for (const { id, content } of rows)
        if (!ended.has(id)) batch.completeItem(id, open.has(id) ? end : { ...end, content });
    },
    addUsage(more) {
      used = addUsage(used, more);
      return used;
    },
  };
  return { batch, used: () => used };
}

function compactDeltas(
  sql: Transaction,
  { sessionId, itemId, eventsAfter }: { sessionId: string; itemId: string; eventsAfter: number },
): void {
  sql.write(
    `update session_event set type = 'compacted', payload = '{}'
     where session_id = $1 and seq > (select seq from timeline_item where session_id = $1 and id = $2::uuid)
       and seq < (select last_seq from session where id = $1) - $3
       and type = 'item.delta' and payload->>'itemId' = ($2::uuid)::text`,
    [sessionId, itemId, eventsAfter],
  );
}

/** Splits the text from `start` into pieces that fit an event; half a surrogate pair at the end waits for its other half. */
export function* chunks(text: string, start: number): Generator<{ offset: number; text: string }> {
  let offset = start;
  while (offset < text.length) {
    let end = Math.min(offset + EVENT_TEXT_MAX_CHARS, text.length);
    const last = text.charCodeAt(end - 1);
    if (last >= 0xd800 && last <= 0xdbff) end -= 1;
    if (end === offset) return;
    yield { offset, text: text.slice(offset, end) };
    offset = end;
  }
}
