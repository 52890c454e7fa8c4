import { expect, test } from 'vitest';
import { plainError } from './plain-error.ts';

test.each([
  ['connect ECONNREFUSED 10.0.0.1:3000', 'connect ECONNREFUSED 10.0.0.1:3000'],
  [
    'anthropic: 401 Unauthorized {"type":"error","error":{"message":"invalid x-api-key"}}',
    'anthropic: 401 Unauthorized: invalid x-api-key',
  ],
  ['429: {"message":"slow down"}', '429: slow down'],
  ['{"error":"no route"}', 'no route'],
  ['bad input {"field":"x"}', 'bad input {"field":"x"}'],
  ['cut off {"error":{"mess', 'cut off {"error":{"mess'],
  ['quota used up {"message":"quota used up"}', 'quota used up'],
])('%s', (text, expected) => {
  expect(plainError(text)).toBe(expected);
});
