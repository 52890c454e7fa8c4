import { AppError } from '#src/server/errors.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { type EvaluationResult, type EvaluationSummary, evaluationSummarySchema } from '../schema.ts';
import { summariseResults } from '../summarise-results.ts';
import { evaluationResult } from './evaluation-rows.ts';

/**
 * Writes one attempt and the figures that follow from it, so that whatever ends the evaluation leaves what was done.
 * Returns the figures. Throws `conflict` when it is no longer running: somebody has closed it.
 */
export async function recordResult(
  kernel: Kernel,
  options: { evaluationId: string; result: Omit<EvaluationResult, 'createdAt'> },
): Promise<EvaluationSummary> {
  const { evaluationId, result } = options;
  return kernel.database.prisma.$transaction(async (tx) => {
    // Attempts that end together take turns here.
    const { count } = await tx.evaluation.updateMany({
      where: { id: evaluationId, status: 'running' },
      data: { error: null },
    });
    const evaluation = await tx.evaluation.findUnique({ where: { id: evaluationId } });
    if (!evaluation || count === 0)
      throw new AppError('conflict', 'This evaluation was closed by somebody else.');
    await tx.evaluationResult.create({ data: { ...result, id: newId(), evaluationId } });
    const results = await tx.evaluationResult.findMany({ where: { evaluationId } });
    const plan = evaluationSummarySchema.parse(evaluation.summary);
    const summary = summariseResults(plan, results.map(evaluationResult));
    await tx.evaluation.update({ where: { id: evaluationId }, data: { summary } });
    return summary;
  });
}
