import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { readConfiguration } from './read-configuration.ts';
import { readOverview } from './read-overview.ts';

export const systemRouter = router({
  overview: projectProcedure('viewer').query(({ ctx }) => readOverview(ctx.kernel)),
  configuration: projectProcedure('admin').query(({ ctx }) => readConfiguration(ctx.kernel)),
});
