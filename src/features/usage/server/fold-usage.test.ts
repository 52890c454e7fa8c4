import { expect, test } from 'vitest';
import { foldUsage } from './fold-usage.ts';
import type { UsageCell } from './usage-sql.ts';

const range = { from: '2026-11-01', to: '2026-11-02' };
const cell = (keys: Partial<UsageCell>, calls: number, costUsd = 0): UsageCell => ({
  day: null,
  provider: null,
  model: null,
  kind: null,
  alertType: null,
  chain: null,
  ...keys,
  calls,
  failedCalls: 0,
  unpricedCalls: 0,
  inputTokens: calls * 100,
  cachedInputTokens: 0,
  outputTokens: calls,
  reasoningTokens: 0,
  costUsd,
});

test('the two groupings are not counted twice', () => {
  const report = foldUsage({
    cells: [
      cell({ day: '2026-11-01', provider: 'a', model: 'm', kind: 'iteration' }, 2, 1),
      cell({ day: '2026-11-02', provider: 'b', model: 'm', kind: 'iteration' }, 3, 2),
      cell({ alertType: 'X', chain: 'k' }, 4, 1),
      cell({ alertType: 'Y', chain: 'k' }, 1, 2),
    ],
    sessions: [
      { alertType: 'X', chain: 'k', sessions: 2 },
      { alertType: 'Y', chain: 'k', sessions: 1 },
    ],
    range,
    rankBy: 'cost',
  });
  expect(report.totals).toMatchObject({ calls: 5, costUsd: 3, sessions: 3 });
  // The same model of two providers is two models.
  expect(report.byModel.map(({ provider, calls }) => [provider, calls])).toEqual([
    ['b', 3],
    ['a', 2],
  ]);
  expect(report.byKind).toMatchObject([{ kind: 'iteration', calls: 5 }]);
  expect(report.byChain).toMatchObject([{ chain: 'k', calls: 5, sessions: 3 }]);
  expect(report.byAlertType.map(({ alertType, sessions }) => [alertType, sessions])).toEqual([
    ['Y', 1],
    ['X', 2],
  ]);
});

test('models without a price are ranked by their tokens, after those with one', () => {
  const model = (name: string, calls: number, costUsd: number) =>
    cell({ day: '2026-11-01', provider: 'p', model: name, kind: 'iteration' }, calls, costUsd);
  const report = foldUsage({
    cells: [model('small', 1, 0), model('large', 1_000_000, 0), model('priced', 1, 0.000_1)],
    sessions: [],
    range,
    rankBy: 'cost',
  });
  expect(report.byModel.map((row) => row.model)).toEqual(['priced', 'large', 'small']);
});
