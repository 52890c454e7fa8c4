import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { readConfiguration } from './read-configuration.ts';
import { readNotices } from './read-notices.ts';
import { readOverview } from './read-overview.ts';

export const systemRouter = router({
  notices: projectProcedure('viewer').query(({ ctx }) => readNotices(ctx.kernel)),
  overview: projectProcedure('viewer').query(({ ctx }) => readOverview(ctx.kernel)),
  configuration: projectProcedure('admin').query(({ ctx }) => readConfiguration(ctx.kernel)),
});
