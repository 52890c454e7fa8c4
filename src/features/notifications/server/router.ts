import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { readNotificationState } from './read-state.ts';

export const notificationsRouter = router({
  state: projectProcedure('viewer').query(({ ctx }) =>
    readNotificationState(ctx.kernel, { projectId: ctx.projectId }),
  ),
});
