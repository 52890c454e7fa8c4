import { expect, test } from 'vitest';
import { countLines, lastLines } from './last-lines.ts';

test('the last lines of a text', () => {
  expect(lastLines('', 3)).toBe('');
  expect(lastLines('one', 3)).toBe('one');
  expect(lastLines('one\ntwo\n', 3)).toBe('one\ntwo');
  expect(lastLines('one\ntwo\nthree\nfour\n', 2)).toBe('three\nfour');
  expect(lastLines('one\n\nthree', 2)).toBe('\nthree');
  expect(lastLines('\n\n\nx\n', 2)).toBe('\nx');
  expect(lastLines('\nx', 5)).toBe('\nx');
});

test('the number of lines', () => {
  expect(['', 'one', 'one\n', 'one\ntwo'].map(countLines)).toEqual([0, 1, 1, 2]);
});
