import { expect, test } from 'vitest';
import { parseDuration, writeDuration } from './value-schemas.ts';

test.each([
  ['365d', '365d'],
  ['24h', '1d'],
  ['90m', '90m'],
  ['1.5s', '1500ms'],
  ['110ms', '110ms'],
])('%s is written as %s, and read as the same time', (text, written) => {
  const ms = parseDuration(text) ?? Number.NaN;
  expect(writeDuration(ms)).toBe(written);
  expect(parseDuration(written)).toBe(ms);
});
