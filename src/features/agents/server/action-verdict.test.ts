import { expect, test } from 'vitest';
import { saysChanged, withoutVerdict } from './action-verdict.ts';

test.each([
  ['Restarted it.\n\nYES', true, 'Restarted it.'],
  ['Nothing to do.\n**No.**\n', false, 'Nothing to do.'],
  ['YES, I think so', null, 'YES, I think so'],
  ['It says\nyesterday', null, 'It says\nyesterday'],
  ['YES', true, ''],
])('%j', (answer, verdict, rest) => {
  expect(saysChanged(answer)).toBe(verdict);
  expect(withoutVerdict(answer)).toBe(rest);
});
