import { RATE_KEYS_MAX } from './tunables.ts';

/** `burst` deliveries at once, and `perMinute` in the long run. */
export type RateLimit = { perMinute: number; burst: number };

export type RateLimiter = {
  /** Takes one delivery of `key`. 0, or the milliseconds after which one would be taken. */
  take(key: string, limit: RateLimit): number;
};

/** Whole microseconds: sums of fractions would refuse who waits as told. */
const MINUTE_US = 60_000_000;
const MS_US = 1_000;

/**
 * A token bucket per key, kept as the time at which the bucket will be full again ("generic cell rate algorithm"): one number per
 * key, no timers, exact for any limit, also for one that is changed in between. Source: ITU-T I.371, Annex A.
 * Buckets live in this process and are forgotten when full.
 */
export function createRateLimiter(now: () => number = Date.now): RateLimiter {
  const fullAt = new Map<string, number>();
  return {
    take(key, { perMinute, burst }) {
      const time = now() * MS_US;
      const token = Math.ceil(MINUTE_US / perMinute);
      const known = Math.max(fullAt.get(key) ?? 0, time);
      const wait = known + token - time - burst * token;
      if (wait > 0) return wait / MS_US;
      if (fullAt.size >= RATE_KEYS_MAX) forgetFull(fullAt, time);
      fullAt.set(key, known + token);
      return 0;
    },
  };
}

function forgetFull(fullAt: Map<string, number>, time: number): void {
  for (const [key, at] of fullAt) if (at <= time) fullAt.delete(key);
}
