import { formatDuration } from '#src/lib/format-duration.ts';
import { formatCost, formatQuantity } from '#src/lib/format-number.ts';
import type { EvaluationSummary } from '../schema.ts';

/** "$0.42", and what it leaves out: an unknown price is not free. Null where costs are not shown. */
export function describeCost({ costUsd, unpricedAttempts = 0 }: EvaluationSummary): string | null {
  if (costUsd === undefined) return null;
  if (unpricedAttempts === 0) return formatCost(costUsd);
  const unpriced = `${formatQuantity(unpricedAttempts, 'attempt')} without a price`;
  return costUsd === 0 ? unpriced : `${formatCost(costUsd)} + ${unpriced}`;
}

/** "4.1 s each" */
export const describeEach = (summary: EvaluationSummary): string =>
  summary.attempts === 0 ? 'no attempt' : `${describePace(summary)} each`;

export const describePace = ({ durationMs, attempts }: EvaluationSummary): string =>
  attempts === 0 ? '–' : formatDuration(durationMs / attempts);
