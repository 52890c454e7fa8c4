import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sessionViewOf } from '#test/session-views.ts';
import type { EventBody, SessionEvent, TimelineItem } from '../schema.ts';
import { applyEvents, stateFromSnapshot } from '../session-state.ts';
import { type FeedSource, openSessionFeed } from './session-feed.ts';
import { CATCH_UP_MAX_EVENTS, FLUSH_MS, POLL_MS } from './tunables.ts';

const at = '2026-01-01T00:00:00.000Z';

const session = sessionViewOf();

const item: Omit<TimelineItem, 'seq'> = {
  id: 'i1',
  type: 'response',
  status: 'streaming',
  stageId: null,
  executionId: null,
  parentExecutionId: null,
  content: '',
  data: {},
  startedAt: at,
  completedAt: null,
};

/** A log as the server keeps it, and a connection that can be cut. */
function openLog() {
  const log: SessionEvent[] = [];
  const counters = { snapshots: 0, reads: 0 };
  let listener: Parameters<FeedSource['subscribe']>[0] | undefined;
  let failure: Error | undefined;
  let removedUpTo = 0;
  const append = (body: EventBody): SessionEvent => {
    const event: SessionEvent = { ...body, seq: log.length + 1, createdAt: at };
    log.push(event);
    return event;
  };
  const state = () => applyEvents(stateFromSnapshot({ cursor: 0, session, items: [] }), log);
  const source: FeedSource = {
    async readSnapshot() {
      counters.snapshots += 1;
      if (failure) throw failure;
      const { cursor, session: current, items } = state();
      return { cursor, session: current, items: [...items] };
    },
    async readEvents(after, limit) {
      counters.reads += 1;
      if (failure) throw failure;
      const known = after < removedUpTo ? [] : log.filter(({ seq }) => seq > after).slice(0, limit);
      return { events: known, latest: log.length, removedUpTo };
    },
    subscribe(given) {
      listener = given;
      given.connected(true);
      return () => {
        listener = undefined;
      };
    },
  };
  let length = 0;
  return {
    source,
    counters,
    append,
    text: () => state().items[0]?.content,
    start: () => append({ type: 'item.started', payload: item }),
    write: (text: string) => {
      const event = append({ type: 'item.delta', payload: { itemId: 'i1', offset: length, text } });
      length += text.length;
      return event;
    },
    push: (...events: SessionEvent[]) => listener?.events(events),
    connect: (connected: boolean) => listener?.connected(connected),
    fail: (error: Error | undefined) => {
      failure = error;
    },
    removeUpTo: (seq: number) => {
      removedUpTo = seq;
    },
    isSubscribed: () => listener !== undefined,
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const shown = (feed: ReturnType<typeof openSessionFeed>) => feed.view().state?.items[0]?.content;

test('opened in the middle of an answer, it shows the text so far and what follows', async () => {
  const log = openLog();
  log.start();
  log.write('The pod ');
  const feed = openSessionFeed(log.source);
  await settle();
  expect(shown(feed)).toBe('The pod ');
  log.push(log.write('restarts.'));
  await settle(FLUSH_MS);
  expect(shown(feed)).toBe('The pod restarts.');
  expect(feed.view().connection).toBe('live');
  feed.close();
});

test('a burst is shown at once, repeats and disorder do no harm', async () => {
  const log = openLog();
  const feed = openSessionFeed(log.source);
  await settle();
  let shows = 0;
  feed.subscribe(() => {
    shows += 1;
  });
  const events = [log.start(), log.write('a'), log.write('b'), log.write('c')];
  log.push(...events.toReversed());
  log.push(...events);
  await settle(FLUSH_MS);
  expect(shown(feed)).toBe('abc');
  expect(shows).toBe(1);
  feed.close();
});

test('a gap is filled from the log', async () => {
  const log = openLog();
  log.start();
  const feed = openSessionFeed(log.source);
  await settle();
  log.write('lost ');
  log.push(log.write('found'));
  await settle(FLUSH_MS);
  expect(shown(feed)).toBe('lost found');
  feed.close();
});

test('without a connection the log is polled, and the state ends as that of one that stayed', async () => {
  const log = openLog();
  log.start();
  const feed = openSessionFeed(log.source);
  await settle();
  log.connect(false);
  expect(feed.view().connection).toBe('polling');
  for (let index = 0; index < 3_000; index += 1) log.write('x');
  await settle(POLL_MS);
  expect(shown(feed)).toBe(log.text());
  log.write('y');
  log.connect(true);
  await settle();
  expect(shown(feed)).toBe(log.text());
  expect(feed.view().connection).toBe('live');
  feed.close();
});

test('a failed read while catching up is tried again', async () => {
  const log = openLog();
  log.start();
  const feed = openSessionFeed(log.source);
  await settle();
  log.connect(false);
  log.write('later');
  log.fail(new Error('down'));
  await settle(POLL_MS);
  expect(shown(feed)).toBe('');
  log.fail(undefined);
  await settle(POLL_MS);
  expect(shown(feed)).toBe('later');
  feed.close();
});

test('far behind, the state is read instead of the events', async () => {
  const log = openLog();
  log.start();
  const feed = openSessionFeed(log.source);
  await settle();
  for (let index = 0; index <= CATCH_UP_MAX_EVENTS; index += 1) log.write('x');
  log.push(log.write('!'));
  await settle(FLUSH_MS);
  expect(log.counters).toEqual({ snapshots: 2, reads: 2 });
  expect(shown(feed)).toBe(log.text());
  feed.close();
});

test('what retention has removed in the meantime is not folded: the state of now is read instead', async () => {
  const log = openLog();
  log.start();
  const feed = openSessionFeed(log.source);
  await settle();
  log.connect(false);
  log.write('The pod ');
  log.write('restarts.');
  log.removeUpTo(3);
  log.connect(true);
  await settle(FLUSH_MS);
  expect(log.counters.snapshots).toBe(2);
  expect(shown(feed)).toBe('The pod restarts.');
  feed.close();
});

test('a failed start says so and can be tried again', async () => {
  const log = openLog();
  log.fail(new Error('down'));
  const feed = openSessionFeed(log.source);
  await settle();
  expect(feed.view()).toMatchObject({ state: null, error: new Error('down') });
  log.fail(undefined);
  feed.retry();
  await settle();
  expect(feed.view()).toMatchObject({ state: { cursor: 0 }, error: null, connection: 'live' });
  feed.close();
});

test('closing leaves the room and stops all work', async () => {
  const log = openLog();
  const feed = openSessionFeed(log.source);
  await settle();
  log.connect(false);
  feed.close();
  expect(log.isSubscribed()).toBe(false);
  const { reads } = log.counters;
  await settle(10 * POLL_MS);
  expect(log.counters.reads).toBe(reads);
});
