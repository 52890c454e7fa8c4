import type {
  EventBody,
  SessionEvent,
  SessionSnapshot,
  SessionView,
  StageView,
  TimelineItem,
} from './schema.ts';

/**
 * What a page knows of a session. `items` are in the order in which they started; `position` finds one by id.
 * `cursor` is the number of the last event that is part of it.
 */
export type SessionState = {
  cursor: number;
  session: SessionView;
  items: readonly TimelineItem[];
  position: ReadonlyMap<string, number>;
};

export function stateFromSnapshot(snapshot: SessionSnapshot): SessionState {
  return {
    cursor: snapshot.cursor,
    session: snapshot.session,
    items: snapshot.items,
    position: new Map(snapshot.items.map((item, index) => [item.id, index])),
  };
}

/** Events that came too early for the state: the caller must read from `cursor` again. */
export class EventGapError extends Error {
  override name = 'EventGapError';
}

/**
 * Folds events into the state; the only way a session's state changes, in the browser and on the server. Events at or
 * below the cursor are skipped, so overlapping ranges do no harm. Throws `EventGapError` when one is missing.
 */
export function applyEvents(state: SessionState, events: readonly SessionEvent[]): SessionState {
  const fresh = events.filter((event) => event.seq > state.cursor);
  if (fresh.length === 0) return state;
  const items = [...state.items];
  const position = new Map(state.position);
  let session = state.session;
  let cursor = state.cursor;
  for (const event of fresh) {
    if (event.seq !== cursor + 1) throw new EventGapError(`expected event ${cursor + 1}, got ${event.seq}`);
    cursor = event.seq;
    session = applyToSession(session, event);
    applyToItems(items, position, event);
  }
  session = { ...session, counts: { ...session.counts, events: cursor } };
  return { cursor, session, items, position };
}

function applyToSession(session: SessionView, event: EventBody): SessionView {
  switch (event.type) {
    case 'session.patch': {
      const { alert, ...fields } = event.payload;
      return { ...session, ...fields, alert: alert ? { ...session.alert, ...alert } : session.alert };
    }
    case 'stage.upsert': {
      const known = session.stages.find((stage) => stage.id === event.payload.id);
      const stage: StageView = { ...event.payload, executions: known?.executions ?? [] };
      return { ...session, stages: upsert(session.stages, stage) };
    }
    case 'execution.upsert': {
      const stages = session.stages.map((stage) =>
        stage.id === event.payload.stageId
          ? { ...stage, executions: upsert(stage.executions, event.payload) }
          : stage,
      );
      return { ...session, stages };
    }
    case 'item.started':
    case 'item.delta':
    case 'item.patch':
    case 'item.completed':
    case 'compacted':
      return session;
  }
}

function applyToItems(items: TimelineItem[], position: Map<string, number>, event: SessionEvent): void {
  switch (event.type) {
    case 'item.started':
      if (position.has(event.payload.id)) return;
      position.set(event.payload.id, items.length);
      items.push({ ...event.payload, seq: event.seq });
      return;
    case 'item.delta': {
      const { itemId, offset, text } = event.payload;
      change(items, position, itemId, (item) => ({ ...item, content: item.content.slice(0, offset) + text }));
      return;
    }
    case 'item.patch':
      change(items, position, event.payload.itemId, (item) => ({
        ...item,
        data: { ...item.data, ...event.payload.data },
      }));
      return;
    case 'item.completed': {
      const { itemId, status, length, data, completedAt } = event.payload;
      change(items, position, itemId, (item) => ({
        ...item,
        status,
        content: item.content.slice(0, length),
        data: { ...item.data, ...data },
        completedAt,
      }));
      return;
    }
    case 'session.patch':
    case 'stage.upsert':
    case 'execution.upsert':
    case 'compacted':
      return;
  }
}

function change(
  items: TimelineItem[],
  position: ReadonlyMap<string, number>,
  id: string,
  next: (item: TimelineItem) => TimelineItem,
): void {
  const index = position.get(id);
  const item = index === undefined ? undefined : items[index];
  if (index !== undefined && item) items[index] = next(item);
}

function upsert<T extends { id: string; index: number }>(list: readonly T[], entry: T): T[] {
  const rest = list.filter((other) => other.id !== entry.id);
  return [...rest, entry].sort((a, b) => a.index - b.index);
}
