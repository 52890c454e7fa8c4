import { expect, test } from 'vitest';
import { elapsedMs, formatClock, formatDuration, formatPeriod } from './format-duration.ts';

test.each([
  [0, '0 ms'],
  [94, '94 ms'],
  [96, '0.1 s'],
  [412, '0.4 s'],
  [9949, '9.9 s'],
  [9960, '10 s'],
  [31_200, '31 s'],
  [59_499, '59 s'],
  [59_700, '1 m 00 s'],
  [252_000, '4 m 12 s'],
  [3_600_000, '1 h 00 m'],
  [7_500_000, '2 h 05 m'],
  [3 * 86_400_000 + 4 * 3_600_000, '3 d 4 h'],
  [-5, '0 ms'],
])('%d ms reads %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [0, '00:00'],
  [42_999, '00:42'],
  [727_000, '12:07'],
  [3_723_000, '1:02:03'],
])('the clock shows %d ms as %s', (ms, text) => {
  expect(formatClock(ms)).toBe(text);
});

test('elapsed time runs to now while open and never below zero', () => {
  const start = '2026-01-01T00:00:00.000Z';
  expect(elapsedMs(null, null, 0)).toBeNull();
  expect(elapsedMs(start, '2026-01-01T00:00:02.000Z', 0)).toBe(2000);
  expect(elapsedMs(start, null, Date.parse(start) + 500)).toBe(500);
  expect(elapsedMs(start, null, Date.parse(start) - 500)).toBe(0);
});

test.each([
  [14 * 86_400_000, '14 days'],
  [86_400_000, '1 day'],
  [36 * 3_600_000, '36 hours'],
  [90 * 60_000, '90 minutes'],
  [1_500, '1.5 s'],
])('a period of %d ms reads %s', (ms, text) => {
  expect(formatPeriod(ms)).toBe(text);
});
