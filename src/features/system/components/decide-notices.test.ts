import { expect, test } from 'vitest';
import { countMisses, isOutOfDate, openWarnings, stillDismissed } from './decide-notices.ts';

const warning = (key: string, message: string) => ({ key, message, createdAt: '2026-01-01T00:00:00.000Z' });

test('a page is out of date after two answers in a row of another release', () => {
  const seen = (...running: string[]) =>
    running.reduce((misses, release) => countMisses(misses, '1+a', release), 0);
  expect(isOutOfDate(seen('1+a'))).toBe(false);
  expect(isOutOfDate(seen('1+b'))).toBe(false);
  expect(isOutOfDate(seen('1+b', '1+a', '1+b'))).toBe(false);
  expect(isOutOfDate(seen('1+b', '1+b'))).toBe(true);
  expect(isOutOfDate(seen('1+b', '1+b', '1+a'))).toBe(false);
  expect(isOutOfDate(countMisses(5, undefined, '1+b'))).toBe(false);
});

test('a dismissed warning stays away until it says something else or has been over', () => {
  const down = warning('mcp:cluster', 'refused');
  const slack = warning('slack', 'no such channel');
  expect(openWarnings([down, slack], {})).toEqual([down, slack]);
  const dismissed = { [down.key]: down.message };
  expect(openWarnings([down, slack], dismissed)).toEqual([slack]);
  expect(openWarnings([warning('mcp:cluster', 'timed out')], dismissed)).toHaveLength(1);
  expect(stillDismissed(dismissed, [down, slack])).toEqual(dismissed);
  expect(stillDismissed(dismissed, [slack])).toEqual({});
  expect(stillDismissed(dismissed, [warning('mcp:cluster', 'timed out')])).toEqual({});
});
