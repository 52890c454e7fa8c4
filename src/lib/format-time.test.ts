import { expect, test } from 'vitest';
import { formatRelativeTime, notBehind } from './format-time.ts';

const now = Date.parse('2026-05-10T12:00:00.000Z');
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();

test.each([
  [0, 'just now'],
  [4, 'just now'],
  [42, '42 s ago'],
  [200, '3 min ago'],
  [5 * 3600 + 60, '5 h ago'],
  [2 * 86_400 + 60, '2 d ago'],
  [-30, 'in 30 s'],
  [-7300, 'in 2 h'],
])('%d seconds ago reads %s', (seconds, text) => {
  expect(formatRelativeTime(ago(seconds), now)).toBe(text);
});

test('older than a week shows the date', () => {
  expect(formatRelativeTime('2026-04-01T12:00:00.000Z', now)).toBe('1 Apr 2026');
});

test('what is a moment ahead is now; what is further ahead is in the future', () => {
  const read = (seconds: number) => {
    const iso = ago(-seconds);
    return formatRelativeTime(iso, notBehind(now, iso, 30_000));
  };
  expect(read(8)).toBe('just now');
  expect(read(300)).toBe('in 5 min');
  expect(read(-300)).toBe('5 min ago');
});
