import { expect, test } from 'vitest';
import { fillDays, resolveRange } from './usage-range.ts';

const now = new Date('2026-11-26T23:30:00Z');

test('the last 30 days, today included, unless asked otherwise', () => {
  expect(resolveRange({}, now)).toEqual({ from: '2026-10-28', to: '2026-11-26' });
  expect(resolveRange({ to: '2026-11-10' }, now)).toEqual({ from: '2026-10-12', to: '2026-11-10' });
  expect(resolveRange({ from: '2026-11-20' }, now)).toEqual({ from: '2026-11-20', to: '2026-11-26' });
});

test('a time means its day in UTC', () => {
  expect(resolveRange({ from: '2026-11-20T23:59:00Z', to: '2026-11-21T00:01:00Z' }, now)).toEqual({
    from: '2026-11-20',
    to: '2026-11-21',
  });
});

test('an impossible range says why', () => {
  expect(() => resolveRange({ from: '2026-11-21', to: '2026-11-20' }, now)).toThrow(
    /ends \(2026-11-20\) before/,
  );
  expect(() => resolveRange({ from: '2025-11-25', to: '2026-11-26' }, now)).toThrow(
    /has 367 days; at most 366/,
  );
  expect(resolveRange({ from: '2025-11-26', to: '2026-11-26' }, now)).toBeDefined();
});

test('days without calls are there, in order, over the end of a month and a leap day', () => {
  const range = { from: '2028-02-27', to: '2028-03-01' };
  const empty = (day: string) => ({ day, calls: 0 });
  expect(fillDays([{ day: '2028-02-29', calls: 3 }], range, empty)).toEqual([
    { day: '2028-02-27', calls: 0 },
    { day: '2028-02-28', calls: 0 },
    { day: '2028-02-29', calls: 3 },
    { day: '2028-03-01', calls: 0 },
  ]);
});
