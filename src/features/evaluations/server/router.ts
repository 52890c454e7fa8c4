import { z } from 'zod';
import { idSchema } from '#src/server/ids.ts';
import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { listEvaluationsInputSchema } from '../schema.ts';
import { listEvaluations } from './list-evaluations.ts';
import { readEvaluation } from './read-evaluation.ts';

export const evaluationsRouter = router({
  list: projectProcedure('viewer')
    .input(listEvaluationsInputSchema)
    .query(({ ctx, input }) => listEvaluations(ctx.kernel, { ...input, projectId: ctx.projectId })),
  get: projectProcedure('viewer')
    .input(z.object({ id: idSchema }))
    .query(({ ctx, input }) =>
      readEvaluation(ctx.kernel, { projectId: ctx.projectId, evaluationId: input.id }),
    ),
});
