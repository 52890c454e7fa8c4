import { expect, test } from 'vitest';
import type { UsageReport, UsageSum } from '#src/features/usage/schema.ts';
import { describeUsage } from './describe-usage.ts';

const sum = (calls: number, costUsd: number, unpricedCalls = 0): UsageSum => ({
  calls,
  failedCalls: 0,
  unpricedCalls,
  inputTokens: calls * 1000,
  cachedInputTokens: 0,
  outputTokens: calls * 100,
  reasoningTokens: 0,
  costUsd,
});
const report: UsageReport = {
  from: '2026-11-01',
  to: '2026-11-30',
  totals: { sessions: 2, ...sum(12, 1.5, 2) },
  byDay: [],
  byModel: [
    { provider: 'main', model: 'large', ...sum(10, 1.5) },
    { provider: 'cellar', model: 'small', ...sum(2, 0, 2) },
  ],
  byChain: [],
  byAlertType: [],
  byKind: [],
  topSessions: [],
};

test('the sum comes first, then what it is made of; an unknown price is named', () => {
  expect(describeUsage(report)).toEqual([
    '2026-11-01 to 2026-11-30: $1.50 + 2 calls without a price, 13.2k tokens, 12 model calls, 2 sessions',
    '',
    'By model',
    '  $1.50                    11.0k  main large',
    '  2 calls without a price  2.2k   cellar small',
  ]);
});

test('nothing used is said in a line', () => {
  expect(describeUsage({ ...report, totals: { sessions: 0, ...sum(0, 0) } })).toEqual([
    'No model calls from 2026-11-01 to 2026-11-30.',
  ]);
});
