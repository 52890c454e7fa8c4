import { z } from 'zod';
import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { readNotificationState } from './read-state.ts';
import { testDestinationOnPage } from './test-destination.ts';

export const notificationsRouter = router({
  state: projectProcedure('viewer').query(({ ctx }) =>
    readNotificationState(ctx.kernel, { projectId: ctx.projectId }),
  ),
  test: projectProcedure('admin')
    .input(z.object({ destination: z.string() }))
    .mutation(({ ctx, input }) => testDestinationOnPage(ctx.kernel, { name: input.destination })),
});
