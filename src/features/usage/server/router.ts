import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { usageQuerySchema } from '../schema.ts';
import { readUsage } from './read-usage.ts';

export const usageRouter = router({
  report: projectProcedure('viewer')
    .input(usageQuerySchema)
    .query(({ ctx, input }) => readUsage(ctx.kernel, { ...input, projectId: ctx.projectId })),
});
