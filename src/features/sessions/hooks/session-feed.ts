import type { SessionEvent, SessionSnapshot } from '../schema.ts';
import { applyEvents, EventGapError, type SessionState, stateFromSnapshot } from '../session-state.ts';
import { CATCH_UP_LIMIT, CATCH_UP_MAX_EVENTS, FLUSH_MS, POLL_MS } from './tunables.ts';

/** `live`: pushes arrive. `polling`: the socket is down, the log is read every few seconds instead. */
export type Connection = 'connecting' | 'live' | 'polling';

export type FeedView = { state: SessionState | null; connection: Connection; error: unknown };

/** What the feed needs from the outside; `push` is the socket, the two reads are tRPC. */
export type FeedSource = {
  readSnapshot(): Promise<SessionSnapshot>;
  readEvents(
    after: number,
    limit: number,
  ): Promise<{ events: SessionEvent[]; latest: number; removedUpTo: number }>;
  /** Calls back with pushed events and with changes of the connection until the returned function is called. */
  subscribe(listener: {
    /** The connection stands: join from this number on. */
    cursor(): number;
    events(events: readonly SessionEvent[]): void;
    /** True once joined; false when the connection is lost. */
    connected(connected: boolean): void;
  }): () => void;
};

export type SessionFeed = {
  view(): FeedView;
  subscribe(listener: () => void): () => void;
  /** Reads the snapshot again, after a failure. */
  retry(): void;
  close(): void;
};

/**
 * Keeps the state of one session up to date: snapshot first, then pushed events from its cursor on. Pushes are
 * collected and folded every `FLUSH_MS`. A gap, a reconnect and a dead socket all end in the same move: read the log
 * from the cursor. Events may come twice; the fold skips what it knows.
 */
export function openSessionFeed(source: FeedSource): SessionFeed {
  const listeners = new Set<() => void>();
  let view: FeedView = { state: null, connection: 'connecting', error: null };
  let pending: SessionEvent[] = [];
  let flushTimer: ReturnType<typeof setTimeout> | undefined;
  let pollTimer: ReturnType<typeof setInterval> | undefined;
  let unsubscribe: (() => void) | undefined;
  let catchingUp = false;
  let closed = false;

  const show = (change: Partial<FeedView>) => {
    if (closed) return;
    view = { ...view, ...change };
    for (const listener of listeners) listener();
  };

  const flush = () => {
    flushTimer = undefined;
    const events = pending.toSorted((a, b) => a.seq - b.seq);
    pending = [];
    if (!view.state || events.length === 0) return;
    try {
      const state = applyEvents(view.state, events);
      if (state !== view.state) show({ state });
    } catch (error) {
      if (!(error instanceof EventGapError)) throw error;
      void catchUp();
    }
  };

  const take = (events: readonly SessionEvent[]) => {
    for (const event of events) pending.push(event);
    flushTimer ??= setTimeout(flush, FLUSH_MS);
  };

  /** Reads the log from the cursor to its end. One at a time; a failure is left to the next poll or push. */
  const catchUp = async () => {
    if (catchingUp || closed || !view.state) return;
    catchingUp = true;
    try {
      await readToEnd();
    } catch {
      // The poll below, the next push or the next connection tries again.
    } finally {
      catchingUp = false;
    }
  };

  const readToEnd = async () => {
    let read = 0;
    while (!closed && view.state && read <= CATCH_UP_MAX_EVENTS) {
      const { cursor } = view.state;
      const { events, latest, removedUpTo } = await source.readEvents(cursor, CATCH_UP_LIMIT);
      // Too much to fold, or retention has removed what comes next: the state of now, instead of how it came about.
      if (latest - cursor > CATCH_UP_MAX_EVENTS || cursor < removedUpTo) {
        show({ state: stateFromSnapshot(await source.readSnapshot()) });
        return;
      }
      if (events.length === 0) return;
      read += events.length;
      show({ state: applyEvents(view.state, events) });
    }
  };

  const onConnected = (connected: boolean) => {
    show({ connection: connected ? 'live' : 'polling' });
    clearInterval(pollTimer);
    pollTimer = undefined;
    // A push that was on its way when the connection broke is not repeated: the log has it.
    if (connected) void catchUp();
    else pollTimer = setInterval(() => void catchUp(), POLL_MS);
  };

  const start = () => {
    show({ error: null });
    source.readSnapshot().then(
      (snapshot) => {
        if (closed) return;
        show({ state: stateFromSnapshot(snapshot) });
        unsubscribe ??= source.subscribe({
          cursor: () => view.state?.cursor ?? 0,
          events: take,
          connected: onConnected,
        });
      },
      (error: unknown) => show({ error }),
    );
  };

  start();
  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    retry: start,
    close() {
      closed = true;
      unsubscribe?.();
      clearTimeout(flushTimer);
      clearInterval(pollTimer);
      listeners.clear();
    },
  };
}
