import { createProject } from '#src/features/access/server/index.ts';
import { AppError } from '#src/server/errors.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { EVALUATIONS_PROJECT } from '../schema.ts';
import { summariseResults } from '../summarise-results.ts';
import { holdEvaluationLock } from './evaluation-lock.ts';

/** The right to run an evaluation, held until it is released or the process dies. */
export type RunningEvaluation = {
  id: string;
  projectId: string;
  projectSlug: string;
  release(): Promise<void>;
};

/**
 * Begins an evaluation in the project of evaluations, which is made when it is not there: simulated incidents do not
 * belong among a team's own.
 */
export async function startEvaluation(
  kernel: Kernel,
  options: { provider: string; model: string; chain: string; runs: number; planned: number },
): Promise<RunningEvaluation> {
  const project = await ensureProject(kernel);
  const id = newId();
  const lock = await holdEvaluationLock(kernel.database, id);
  try {
    await kernel.database.prisma.evaluation.create({
      data: {
        id,
        projectId: project.id,
        provider: options.provider,
        model: options.model,
        runs: options.runs,
        summary: summariseResults({ chain: options.chain, planned: options.planned }, []),
      },
    });
  } catch (error) {
    await lock.release();
    throw error;
  }
  return { id, projectId: project.id, projectSlug: project.slug, release: lock.release };
}

async function ensureProject(kernel: Kernel): Promise<{ id: string; slug: string }> {
  const find = () =>
    kernel.database.prisma.project.findUnique({
      where: { slug: EVALUATIONS_PROJECT.slug },
      select: { id: true, slug: true },
    });
  const found = await find();
  if (found) return found;
  try {
    return await createProject(kernel, EVALUATIONS_PROJECT);
  } catch (error) {
    // Another evaluation was first.
    const made = error instanceof AppError && error.code === 'conflict' ? await find() : null;
    if (made) return made;
    throw error;
  }
}
