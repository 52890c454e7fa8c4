import { expect, test } from 'vitest';
import { describeDetails } from './describe-details.ts';

test('keys become words, values what a person reads', () => {
  expect(
    describeDetails({
      attempt: 1,
      retryInMs: 2000,
      beforeTokens: 180_000,
      stop_reason: 'length',
      void: true,
      none: null,
      empty: '',
      tools: ['a', 'b'],
      tool: 'pods_list',
      reason: 'retries_exhausted',
    }),
  ).toEqual([
    ['Attempt', '1'],
    ['Retry in', '2.0 s'],
    ['Before tokens', '180,000'],
    ['Stop reason', 'length'],
    ['Void', 'yes'],
    ['Tools', 'a, b'],
    ['Tool', 'pods_list'],
    ['Reason', 'retries exhausted'],
  ]);
});
