import { formatTable } from '#src/cli/output.ts';
import type { Evaluation, EvaluationResult, EvaluationSummary } from '#src/features/evaluations/schema.ts';
import { formatDuration } from '#src/lib/format-duration.ts';
import { formatCost, formatCount, formatQuantity } from '#src/lib/format-number.ts';

/** `passed  easy  crash-loop  attempt 2  4.1 s  $0.02` */
export function describeResult(result: Omit<EvaluationResult, 'createdAt'>): string {
  return [
    result.passed ? 'passed' : 'FAILED',
    result.difficulty.padEnd(6),
    result.scenario,
    `attempt ${result.attempt}`,
    formatDuration(result.durationMs),
    ...costOf(result),
  ].join('  ');
}

function costOf({ costUsd }: Pick<EvaluationResult, 'costUsd'>): string[] {
  if (costUsd === undefined) return [];
  return [costUsd === null ? 'price unknown' : formatCost(costUsd)];
}

/** The report of an evaluation for a terminal. */
export function describeEvaluation(evaluation: Evaluation, address: string): string[] {
  const { summary, provider, model, status, error } = evaluation;
  const rows = summary.byDifficulty.map(({ difficulty, attempts, passed }) => [
    difficulty,
    `${passed} of ${attempts}`,
    percent(passed / attempts),
  ]);
  const total = ['all', `${summary.passed} of ${summary.attempts}`, percent(summary.passRate)];
  return [
    `${provider} (${model}), chain ${summary.chain}: ${status}${error ? `. ${error}` : ''}`,
    ...formatTable([...rows, total]),
    `${describeCost(summary)}${formatCount(summary.inputTokens + summary.outputTokens)} tokens, ${describeTime(summary)}`,
    ...failuresOf(evaluation),
    address,
  ];
}

const percent = (rate: number | null): string => (rate === null ? '-' : `${Math.round(rate * 100)} %`);

/** Begins a list; empty where costs are not shown. */
function describeCost({ costUsd, unpricedAttempts = 0 }: EvaluationSummary): string {
  if (costUsd === undefined) return '';
  if (unpricedAttempts === 0) return `${formatCost(costUsd)}, `;
  return `${formatCost(costUsd)} and ${formatQuantity(unpricedAttempts, 'attempt')} of unknown price, `;
}

const describeTime = ({ durationMs, attempts }: EvaluationSummary): string =>
  attempts === 0 ? 'no attempt' : `${formatDuration(durationMs / attempts)} per attempt`;

function failuresOf({ results }: Evaluation): string[] {
  return results
    .filter(({ passed }) => !passed)
    .flatMap(({ scenario, attempt, failures }) => [
      `failed: ${scenario}, attempt ${attempt}`,
      ...failures.map(({ message }) => `  ${message}`),
    ]);
}
