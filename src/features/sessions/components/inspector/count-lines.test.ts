import { expect, test } from 'vitest';
import { countLines } from './count-lines.ts';

test('matching lines, ignoring case', () => {
  expect(countLines('Starting\nFATAL: a\nok\nfatal: b', 'fatal')).toEqual({
    matching: ['FATAL: a', 'fatal: b'],
    total: 4,
  });
});

test('no question, no answer', () => {
  expect(countLines('a\nb', ' ')).toEqual({ matching: [], total: 0 });
});
