import type { z } from 'zod';
import type { Kernel } from '#src/server/kernel.ts';
import type { EvaluationItem, listEvaluationsInputSchema } from '../schema.ts';
import { evaluationViews } from './evaluation-rows.ts';

/** A page of a project's evaluations, newest first: their ids ascend with time. */
export async function listEvaluations(
  kernel: Kernel,
  options: { projectId: string } & z.infer<typeof listEvaluationsInputSchema>,
): Promise<{ items: EvaluationItem[]; nextCursor: string | null }> {
  const { projectId, limit, cursor } = options;
  const rows = await kernel.database.prisma.evaluation.findMany({
    where: { projectId, ...(cursor ? { id: { lt: cursor } } : {}) },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  return {
    items: page.map(evaluationViews(kernel).item),
    nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}
