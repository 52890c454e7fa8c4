import { expect, test } from 'vitest';
import { whyNotScorable } from './why-not-scorable.ts';

test('what has run and ended can be scored, however it ended', () => {
  for (const status of ['completed', 'failed', 'timed_out', 'cancelled'] as const)
    expect(whyNotScorable({ status, hasRun: true })).toBeNull();
});

test('what never ran, or still does, cannot', () => {
  expect(whyNotScorable({ status: 'cancelled', hasRun: false })).toMatch(/nothing to score/);
  expect(whyNotScorable({ status: 'running', hasRun: true })).toMatch(/still in progress/);
  expect(whyNotScorable({ status: 'pending', hasRun: false })).toMatch(/still in progress/);
});
