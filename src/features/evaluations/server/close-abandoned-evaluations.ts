import type { Kernel } from '#src/server/kernel.ts';
import { isAbandoned } from './evaluation-lock.ts';
import { endEvaluation } from './finish-evaluation.ts';

/**
 * Closes evaluations whose process is gone: what they had done is kept, they count as failed, and their open
 * investigations end, since nobody else may run those. Called whenever a worker or an evaluation starts.
 */
export async function closeAbandonedEvaluations(kernel: Kernel): Promise<number> {
  const running = await kernel.database.prisma.evaluation.findMany({
    where: { status: 'running' },
    select: { id: true },
  });
  let closed = 0;
  for (const { id } of running) {
    await kernel.database.transaction(async (sql) => {
      if (!(await isAbandoned(sql, id))) return;
      const error = 'Its process ended before it was finished. The attempts below are those it had made.';
      await endEvaluation(sql, id, { status: 'failed', error });
      closed += 1;
    });
  }
  if (closed > 0) kernel.log.info({ closed }, 'evaluations of ended processes were closed');
  return closed;
}
