import { expect, test } from 'vitest';
import { countLines, isTable } from './read-lines.ts';

test('matching lines, ignoring case', () => {
  expect(countLines('Starting\nFATAL: a\nok\nfatal: b', 'fatal')).toEqual({
    matching: ['FATAL: a', 'fatal: b'],
    total: 4,
  });
});

test('no question, no answer', () => {
  expect(countLines('a\nb', ' ')).toEqual({ matching: [], total: 0 });
});

test('columns are recognised, prose and YAML are not', () => {
  expect(isTable('NAME   READY   STATUS\ncart   1/1     Running')).toBe(true);
  expect(isTable('apiVersion: v1\nkind: Pod\nmetadata:\n  name: cart')).toBe(false);
  expect(isTable('one line   with   gaps')).toBe(false);
});
