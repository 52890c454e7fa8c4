import { expect, test } from 'vitest';
import { parseSearch } from './parse-search.ts';

test('words become prefixes that must all occur', () => {
  expect(parseSearch('Shop/checkout-7d9f  OOM')).toEqual({
    kind: 'text',
    tsquery: "'shop':* & 'checkout':* & '7d9f':* & 'oom':*",
  });
});

test('nothing asked, nothing that can be found, an id', () => {
  expect(parseSearch(undefined)).toEqual({ kind: 'all' });
  expect(parseSearch(' \n ')).toEqual({ kind: 'all' });
  expect(parseSearch("!!! & | '")).toEqual({ kind: 'none' });
  expect(parseSearch(' 0199D0C4-0000-7000-8000-000000000001 ')).toEqual({
    kind: 'id',
    id: '0199d0c4-0000-7000-8000-000000000001',
  });
});

test('no operator, quote or control character survives', () => {
  const hostile = `a'b\\c:*d & !(e|f) <-> g\0h "i" %_ \u007f ; drop table session; --`;
  const search = parseSearch(hostile);
  if (search.kind !== 'text') throw new Error('expected a text query');
  expect(search.tsquery.replaceAll(/'[^'\\:&|!()<>*\0]+':\*/g, 'W')).toMatch(/^W( & W)*$/);
});

test('the number of words is bounded', () => {
  const search = parseSearch(Array.from({ length: 300 }, (_, n) => `w${n}`).join(' '));
  expect(search.kind === 'text' && search.tsquery.split(' & ').length).toBe(12);
});
