import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRateLimiter } from './rate-limiter.ts';

test('a burst is taken at once, then one per interval; a pause fills the bucket up, not over', () => {
  let time = 0;
  const limiter = createRateLimiter(() => time);
  const limit = { perMinute: 60, burst: 3 };
  const take = () => limiter.take('key', limit);
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 1_000]);
  time = 400;
  expect(take()).toBe(600);
  time = 1_000;
  expect([take(), take()]).toEqual([0, 1_000]);
  time = 60_000;
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 1_000]);
});

test('one key costs another nothing', () => {
  const limiter = createRateLimiter(() => 0);
  const limit = { perMinute: 1, burst: 1 };
  expect([limiter.take('a', limit), limiter.take('b', limit)]).toEqual([0, 0]);
  expect(limiter.take('a', limit)).toBe(60_000);
});

test('in no span of time more is taken than the burst and what has flowed in; waiting as told is enough', () => {
  const limits = fc.record({
    perMinute: fc.integer({ min: 1, max: 600 }),
    burst: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(limits, fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 80 }), (limit, pauses) => {
      let time = 0;
      const limiter = createRateLimiter(() => time);
      const taken: number[] = [];
      for (const pause of pauses) {
        time += pause;
        const waitMs = limiter.take('key', limit);
        if (waitMs === 0) taken.push(time);
        else {
          time += Math.ceil(waitMs);
          expect(limiter.take('key', limit)).toBe(0);
          taken.push(time);
        }
      }
      for (const [first, from] of taken.entries()) {
        for (const [last, to] of taken.entries()) {
          if (last < first) continue;
          const allowed = limit.burst + ((to - from) * limit.perMinute) / 60_000;
          expect(last - first + 1).toBeLessThanOrEqual(allowed + 1e-6);
        }
      }
    }),
  );
});
