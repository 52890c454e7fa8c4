import { expect, test } from 'vitest';
import { findExceeded, findLateness } from './run-budget.ts';

const spent = { tokens: 100, costUsd: 0.5, elapsedMs: 60_000 };

test('no limit is never used up', () => {
  expect(findExceeded({}, { tokens: 1e12, costUsd: 1e6, elapsedMs: 1e12 })).toBeNull();
});

test.each([
  [{ tokens: 100 }, 'tokens', "The session's budget of 100 tokens is used up."],
  [{ costUsd: 0.5 }, 'cost', "The session's budget of $0.50 is used up."],
  [{ time: 60_000 }, 'time', "The session's time budget of 60 s is used up."],
  [{ costUsd: 0 }, 'cost', "The session's budget of $0.00 is used up."],
])('%j is used up as %s', (limits, kind, reason) => {
  expect(findExceeded(limits, spent)).toEqual({ kind, reason });
});

test('what is left is left', () => {
  expect(findExceeded({ tokens: 101, costUsd: 0.51, time: 60_001 }, spent)).toBeNull();
});

test('a run concludes before it would be stopped: a tenth of the limit before, three minutes at most', () => {
  expect(findLateness(100_000, 89_999)).toBeNull();
  expect(findLateness(100_000, 90_000)).toEqual({
    kind: 'time',
    reason: 'The time limit of 100 s is nearly over.',
  });
  expect(findLateness(2_400_000, 2_219_999)).toBeNull();
  expect(findLateness(2_400_000, 2_220_000)?.kind).toBe('time');
});
