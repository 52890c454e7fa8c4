import { notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { Evaluation } from '../schema.ts';
import { evaluationViews } from './evaluation-rows.ts';

/** An evaluation with every attempt, in the order of scenario and attempt. Throws `not_found` outside the project. */
export async function readEvaluation(
  kernel: Kernel,
  options: { projectId: string; evaluationId: string },
): Promise<Evaluation> {
  const { prisma } = kernel.database;
  const row = await prisma.evaluation.findFirst({
    where: { id: options.evaluationId, projectId: options.projectId },
    include: {
      project: { select: { slug: true } },
      results: { orderBy: [{ scenario: 'asc' }, { attempt: 'asc' }] },
    },
  });
  if (!row) throw notFound('Evaluation');
  const sessionIds = row.results.flatMap(({ sessionId }) => (sessionId ? [sessionId] : []));
  // Investigations are kept for a while; a link to one that is gone would lead nowhere.
  const kept = await prisma.session.findMany({ where: { id: { in: sessionIds } }, select: { id: true } });
  const views = evaluationViews(kernel);
  const ids = new Set(kept.map(({ id }) => id));
  return {
    ...views.item(row),
    projectSlug: row.project.slug,
    results: row.results
      .map(views.result)
      .map((result) =>
        result.sessionId && !ids.has(result.sessionId) ? { ...result, sessionId: null } : result,
      ),
  };
}
