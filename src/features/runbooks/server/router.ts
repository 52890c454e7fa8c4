import { z } from 'zod';
import { idSchema } from '#src/server/ids.ts';
import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { listRunbooks } from './list-runbooks.ts';
import { pageRunbooks } from './page-runbooks.ts';
import { readSessionRunbook } from './read-session-runbook.ts';
import { LIST_LIMIT_MAX, LIST_PAGE_TIMEOUT_MS } from './tunables.ts';

export const runbooksRouter = router({
  list: projectProcedure('viewer').query(async ({ ctx }) => {
    const signal = AbortSignal.timeout(LIST_PAGE_TIMEOUT_MS);
    return pageRunbooks(await listRunbooks(ctx.kernel, { signal }), { limit: LIST_LIMIT_MAX });
  }),

  ofSession: projectProcedure('viewer')
    .input(z.object({ id: idSchema }))
    .query(({ ctx, input }) =>
      readSessionRunbook(ctx.kernel, { projectId: ctx.projectId, sessionId: input.id }),
    ),
});
