import fc from 'fast-check';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { LogEvent } from './event-log.ts';
import { type Follower, SessionFeed, type Subscription } from './session-feed.ts';

/** A log in memory whose reads take some turns of the event loop, as a database's do, and sometimes fail. */
function createLog() {
  const events: LogEvent[] = [];
  let reads = 0;
  return {
    append(count: number): number {
      for (let n = 0; n < count; n += 1) {
        events.push({ seq: events.length + 1, type: 'item.delta', payload: {}, createdAt: '' });
      }
      return events.length;
    },
    latest: () => events.length,
    reads: () => reads,
    async read(after: number, upTo: number): Promise<LogEvent[]> {
      reads += 1;
      for (let turn = 0; turn < (after % 3) + 1; turn += 1) await new Promise(setImmediate);
      return events.slice(after, Math.min(upTo, after + 7));
    },
  };
}

type Probe = Follower & { seen: number[]; block(): void; release(): void };

/** A follower that can stop reading. */
function createFollower(): Probe {
  const seen: number[] = [];
  let blocked = false;
  let waiting: (() => void)[] = [];
  return {
    seen,
    send(events) {
      if (blocked) throw new Error('sent to a follower that could not take it');
      seen.push(...events.map((event) => event.seq));
    },
    ready: () => !blocked,
    whenReady: () =>
      blocked ? new Promise((resolve) => waiting.push(() => resolve(true))) : Promise.resolve(true),
    block() {
      blocked = true;
    },
    release() {
      blocked = false;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
  };
}

const silent = pino({ level: 'silent' });
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
};

const step = fc.oneof(
  fc.record({
    kind: fc.constant('append' as const),
    count: fc.integer({ min: 1, max: 30 }),
    wake: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('follow' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant('leave' as const), who: fc.nat(10) }),
  fc.record({ kind: fc.constant('block' as const), who: fc.nat(10) }),
  fc.record({ kind: fc.constant('release' as const), who: fc.nat(10) }),
  fc.record({ kind: fc.constant('wait' as const), turns: fc.integer({ min: 0, max: 6 }) }),
);

test('every follower gets each event above its cursor once and in order, whoever joins, blocks or leaves', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const log = createLog();
      log.append(10);
      const feed = new SessionFeed({ read: log.read, log: silent }, 0);
      feed.wake(10);
      const joined: { follower: Probe; after: number; subscription: Subscription; left: boolean }[] = [];
      for (const action of steps) {
        const chosen = 'who' in action ? joined[action.who % Math.max(1, joined.length)] : undefined;
        switch (action.kind) {
          case 'append': {
            const latest = log.append(action.count);
            if (action.wake) feed.wake(latest);
            break;
          }
          case 'follow': {
            const follower = createFollower();
            const after = Math.floor(action.share * log.latest());
            joined.push({ follower, after, subscription: feed.follow(follower, after), left: false });
            break;
          }
          case 'leave':
            if (chosen) {
              chosen.left = true;
              chosen.subscription.close();
            }
            break;
          case 'block':
            chosen?.follower.block();
            break;
          case 'release':
            chosen?.follower.release();
            break;
          case 'wait':
            await turns(action.turns);
        }
      }
      for (const { follower } of joined) follower.release();
      feed.wake(log.latest());
      await turns(600);
      for (const { follower, after, left } of joined) {
        const expected = Array.from({ length: log.latest() - after }, (_, index) => after + index + 1);
        expect(follower.seen).toEqual(left ? expected.slice(0, follower.seen.length) : expected);
      }
      feed.close();
    }),
    { numRuns: 150 },
  );
});

test('wake-ups during a read become one read, and live followers share it', async () => {
  const log = createLog();
  const feed = new SessionFeed({ read: log.read, log: silent }, 0);
  const followers = Array.from({ length: 20 }, createFollower);
  for (const follower of followers) feed.follow(follower, 0);
  for (let n = 0; n < 7; n += 1) feed.wake(log.append(1));
  await turns(50);
  for (const follower of followers) expect(follower.seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(log.reads()).toBeLessThanOrEqual(2);
});

test('a read that fails is tried again', async () => {
  const log = createLog();
  let failures = 1;
  const feed = new SessionFeed(
    {
      log: silent,
      read: async (after, upTo) => {
        if (failures > 0) {
          failures -= 1;
          throw new Error('connection terminated');
        }
        return log.read(after, upTo);
      },
    },
    0,
  );
  const follower = createFollower();
  feed.follow(follower, 0);
  feed.wake(log.append(3));
  await expect.poll(() => follower.seen, { timeout: 5_000 }).toEqual([1, 2, 3]);
});

test('a follower that never reads again is dropped and does not hold up the others', async () => {
  const log = createLog();
  const feed = new SessionFeed({ read: log.read, log: silent }, 0);
  const dead = { ...createFollower(), ready: () => false, whenReady: async () => false };
  const alive = createFollower();
  feed.follow(dead, 0);
  feed.follow(alive, 0);
  feed.wake(log.append(30));
  await turns(60);
  expect(alive.seen).toHaveLength(30);
  expect(dead.seen).toEqual([]);
  expect(feed.followers).toBe(1);
});
