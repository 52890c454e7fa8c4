import { describe, expect, it } from 'vitest';
import { summariseResults } from './summarise-results.ts';

const plan = { chain: 'kubernetes', planned: 4 };
const result = (changes: Partial<Parameters<typeof summariseResults>[1][number]>) => ({
  difficulty: 'easy' as const,
  passed: true,
  inputTokens: 100,
  outputTokens: 10,
  costUsd: 0.5,
  durationMs: 1_000,
  ...changes,
});

describe('summariseResults', () => {
  it('knows no pass rate before the first attempt', () => {
    expect(summariseResults(plan, [])).toMatchObject({
      planned: 4,
      attempts: 0,
      passRate: null,
      byDifficulty: [],
    });
  });

  it('counts by difficulty, easiest first, without those that were not tried', () => {
    const summary = summariseResults(plan, [
      result({ difficulty: 'hard', passed: false }),
      result({}),
      result({ passed: false }),
    ]);
    expect(summary.passRate).toBeCloseTo(1 / 3);
    expect(summary.byDifficulty).toEqual([
      { difficulty: 'easy', attempts: 2, passed: 1 },
      { difficulty: 'hard', attempts: 1, passed: 0 },
    ]);
    expect(summary).toMatchObject({ inputTokens: 300, outputTokens: 30, durationMs: 3_000 });
  });

  it('says how many attempts its cost leaves out', () => {
    const summary = summariseResults(plan, [result({}), result({ costUsd: null })]);
    expect(summary).toMatchObject({ costUsd: 0.5, unpricedAttempts: 1 });
  });
});
