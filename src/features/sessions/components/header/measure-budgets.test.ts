import { expect, test } from 'vitest';
import { sessionViewOf } from '#test/session-views.ts';
import { measureBudgets } from './measure-budgets.ts';

const startedAt = '2026-01-01T00:00:00.000Z';
const start = Date.parse(startedAt);
const usage = { inputTokens: 700, outputTokens: 100, costUsd: 0.5, unpricedCalls: 0 };
const session = (fields: Parameters<typeof sessionViewOf>[0]) =>
  sessionViewOf({ startedAt, usage, ...fields });

test('without limits there is nothing to measure', () => {
  expect(measureBudgets(session({ budgets: {} }), start)).toEqual([]);
});

test('80 % is near, 100 % is used, and more than that is not more', () => {
  const of = (tokens: number) => measureBudgets(session({ budgets: { tokens } }), start)[0];
  expect(of(2_000)).toMatchObject({ state: 'fine', share: 0.4, text: '800 of 2.0k tokens' });
  expect(of(1_000)).toMatchObject({ state: 'near', share: 0.8 });
  expect(of(800)).toMatchObject({ state: 'used', share: 1 });
  expect(of(100)).toMatchObject({ state: 'used', share: 1 });
  expect(of(0)).toMatchObject({ state: 'used', share: 1 });
});

test('cost is measured like tokens', () => {
  expect(measureBudgets(session({ budgets: { costUsd: 2 } }), start)).toEqual([
    { kind: 'cost', text: '$0.50 of $2.00', share: 0.25, state: 'fine' },
  ]);
});

test('time goes on while it runs, not while it waits, and ends with the session', () => {
  const timeMs = 100_000;
  const share = (fields: Parameters<typeof sessionViewOf>[0]) =>
    measureBudgets(session({ budgets: { timeMs }, ...fields }), start + 90_000)[0]?.share;
  expect(share({})).toBe(0.9);
  expect(share({ waitedMs: 60_000 })).toBe(0.3);
  expect(share({ waitingSince: '2026-01-01T00:00:20.000Z' })).toBe(0.2);
  expect(share({ completedAt: '2026-01-01T00:00:50.000Z' })).toBe(0.5);
  expect(share({ startedAt: null })).toBe(0);
});
