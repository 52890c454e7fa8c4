import { z } from 'zod';
import { actorName, personOf } from '#src/server/auth/principal.ts';
import { idSchema } from '#src/server/ids.ts';
import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { chatMessageSchema } from '../schema.ts';
import { askQuestion } from './ask-question.ts';
import { cancelTurn } from './cancel-turn.ts';

const operatorOfSession = projectProcedure('operator').input(z.object({ id: idSchema }));

export const chatRouter = router({
  ask: operatorOfSession.input(chatMessageSchema).mutation(({ ctx, input }) =>
    askQuestion(ctx.kernel, {
      projectId: ctx.projectId,
      sessionId: input.id,
      message: input.message,
      author: actorName(ctx.principal),
      authorId: personOf(ctx.principal),
    }),
  ),

  cancel: operatorOfSession.input(z.object({ turnId: idSchema })).mutation(({ ctx, input }) =>
    cancelTurn(ctx.kernel, {
      projectId: ctx.projectId,
      sessionId: input.id,
      turnId: input.turnId,
      actor: actorName(ctx.principal),
    }),
  ),
});
