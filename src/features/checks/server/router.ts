import { actorName } from '#src/server/auth/principal.ts';
import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { checkNameSchema } from '../schema.ts';
import { pauseCheck, resumeCheck, runCheckNow } from './command-check.ts';
import { listChecks } from './list-checks.ts';

const command = projectProcedure('operator').input(checkNameSchema);

export const checksRouter = router({
  list: projectProcedure('viewer').query(({ ctx }) => listChecks(ctx.kernel, { projectId: ctx.projectId })),

  run: command.mutation(({ ctx, input }) =>
    runCheckNow(ctx.kernel, { projectId: ctx.projectId, actor: actorName(ctx.principal), name: input.name }),
  ),

  pause: command.mutation(({ ctx, input }) =>
    pauseCheck(ctx.kernel, { projectId: ctx.projectId, actor: actorName(ctx.principal), name: input.name }),
  ),

  resume: command.mutation(({ ctx, input }) =>
    resumeCheck(ctx.kernel, { projectId: ctx.projectId, actor: actorName(ctx.principal), name: input.name }),
  ),
});
