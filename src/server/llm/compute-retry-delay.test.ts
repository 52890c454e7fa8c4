import { describe, expect, it } from 'vitest';
import { computeRetryDelayMs, readRetryAfterMs } from './compute-retry-delay.ts';

const policy = { maxRetries: 3, baseDelayMs: 1_000, maxDelayMs: 3_000, retryAfterMaxMs: 60_000 };
const delay = (attempt: number, random: number, retryAfterMs?: number) =>
  computeRetryDelayMs({ attempt, random, retryAfterMs, policy });

describe('computeRetryDelayMs', () => {
  it('doubles the ceiling with each try and stops at the maximum', () => {
    expect([1, 2, 3, 9].map((attempt) => delay(attempt, 0.999999))).toEqual([1_000, 2_000, 3_000, 3_000]);
  });

  it('spreads over the whole range', () => {
    expect(delay(2, 0)).toBe(0);
    expect(delay(2, 0.5)).toBe(1_000);
  });

  it('waits at least as long as the provider asks, and gives up when that is too long', () => {
    expect(delay(1, 0, 5_000)).toBe(5_000);
    expect(delay(1, 0.5, 5_000)).toBe(5_250);
    expect(delay(1, 0, 60_001)).toBeNull();
  });
});

describe('readRetryAfterMs', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');

  it.each([
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '120', 'retry-after': '9' }, 120],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 23:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('reads %o', (headers, expected) => {
    expect(readRetryAfterMs(headers, now)).toBe(expected);
  });
});
