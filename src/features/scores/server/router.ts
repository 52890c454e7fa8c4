import { z } from 'zod';
import { actorName } from '#src/server/auth/principal.ts';
import { idSchema } from '#src/server/ids.ts';
import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { listScores } from './list-scores.ts';
import { requestScore } from './request-score.ts';

const sessionInput = z.object({ id: idSchema });

export const scoresRouter = router({
  list: projectProcedure('viewer')
    .input(sessionInput)
    .query(({ ctx, input }) => listScores(ctx.kernel, { projectId: ctx.projectId, sessionId: input.id })),

  request: projectProcedure('operator')
    .input(sessionInput)
    .mutation(({ ctx, input }) =>
      requestScore(ctx.kernel, {
        projectId: ctx.projectId,
        sessionId: input.id,
        actor: actorName(ctx.principal),
      }),
    ),
});
