import { expect, test } from 'vitest';
import { nextEntry } from './outline-keys.ts';

test.each([
  ['ArrowDown', 0, 1],
  ['ArrowDown', 2, null],
  ['ArrowUp', 2, 1],
  ['ArrowUp', 0, null],
  ['Home', 2, 0],
  ['Home', 0, null],
  ['End', 0, 2],
  ['Enter', 1, null],
])('%s at %i of 3 leads to %s', (key, at, to) => {
  expect(nextEntry(key, at, 3)).toBe(to);
});
