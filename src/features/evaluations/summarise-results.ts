import { DIFFICULTIES, type EvaluationResult, type EvaluationSummary } from './schema.ts';

export type CountedResult = Pick<
  EvaluationResult,
  'difficulty' | 'passed' | 'inputTokens' | 'outputTokens' | 'costUsd' | 'durationMs'
>;

/** What an evaluation comes to so far. Costs that are unknown are counted, not guessed. */
export function summariseResults(
  plan: { chain: string; planned: number },
  results: readonly CountedResult[],
): EvaluationSummary {
  const passedOf = (list: readonly CountedResult[]) => list.filter((result) => result.passed).length;
  const sum = (read: (result: CountedResult) => number) =>
    results.reduce((total, result) => total + read(result), 0);
  const passed = passedOf(results);
  return {
    chain: plan.chain,
    planned: plan.planned,
    attempts: results.length,
    passed,
    passRate: results.length === 0 ? null : passed / results.length,
    byDifficulty: DIFFICULTIES.map((difficulty) => {
      const these = results.filter((result) => result.difficulty === difficulty);
      return { difficulty, attempts: these.length, passed: passedOf(these) };
    }).filter(({ attempts }) => attempts > 0),
    inputTokens: sum((result) => result.inputTokens),
    outputTokens: sum((result) => result.outputTokens),
    costUsd: sum((result) => result.costUsd ?? 0),
    unpricedAttempts: results.filter((result) => result.costUsd === null).length,
    durationMs: sum((result) => result.durationMs),
  };
}
