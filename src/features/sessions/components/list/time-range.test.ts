import { expect, test } from 'vitest';
import { rangeStart } from './time-range.ts';

test('a range starts on the minute', () => {
  expect(rangeStart('24h', Date.parse('2026-05-10T12:34:56.789Z'))).toBe('2026-05-09T12:34:00.000Z');
  expect(rangeStart('1h', Date.parse('2026-05-10T12:34:00.000Z'))).toBe('2026-05-10T11:34:00.000Z');
});
