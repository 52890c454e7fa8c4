import { expect, test } from 'vitest';
import { searchWords } from './search-words.ts';

test.each([
  ['What is the memory limit of checkout?', ['memory', 'limit', 'checkout']],
  ['Which images does shop/checkout:1.4.2 use?', ['image', 'shop/checkout:1.4.2', 'use']],
  ['Is there a "connection refused" for `db.shop`?', ['connection refused', 'db.shop']],
  ['Why?', []],
  ['Which classes and hashes have status?', ['class', 'hash', 'statu']],
  ['Logs, log and LOG of an ingress!', ['log', 'ingress']],
])('%s', (question, words) => {
  expect(searchWords(question)).toEqual(words);
});
