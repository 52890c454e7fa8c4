import { expect, test } from 'vitest';
import { createExpiringCache } from './expiring-cache.ts';

function countingCache(size = 10) {
  const state = { now: 0, loads: 0 };
  const cache = createExpiringCache<number>({ ttlMs: 100, size, now: () => state.now });
  const load = async () => {
    state.loads += 1;
    return state.loads;
  };
  return { state, get: (key: string) => cache.get(key, load), cache };
}

test('loads once while fresh, also for callers at once, and again afterwards', async () => {
  const { state, get } = countingCache();
  expect(await Promise.all([get('a'), get('a')])).toEqual([1, 1]);
  state.now = 99;
  expect(await get('a')).toBe(1);
  state.now = 100;
  expect(await get('a')).toBe(2);
});

test('a failed load is not remembered', async () => {
  const { cache, get } = countingCache();
  await expect(cache.get('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  expect(await get('a')).toBe(1);
});

test('holds no more than its size; the oldest goes', async () => {
  const { state, get } = countingCache(2);
  for (const key of ['a', 'b', 'c']) await get(key);
  await get('c');
  await get('b');
  expect(state.loads).toBe(3);
  await get('a');
  expect(state.loads).toBe(4);
});
