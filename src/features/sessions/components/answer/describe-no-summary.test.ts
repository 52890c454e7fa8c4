import { expect, test } from 'vitest';
import { describeNoSummary } from './describe-no-summary.ts';

test.each([
  [
    'the model answered nothing',
    'There is no short summary: the model answered nothing. The analysis below is complete.',
  ],
  [
    'Not written: time is up.',
    'There is no short summary: Not written: time is up. The analysis below is complete.',
  ],
])('%s', (error, said) => {
  expect(describeNoSummary(error)).toBe(said);
});
