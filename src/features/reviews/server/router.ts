import { z } from 'zod';
import { actorName } from '#src/server/auth/principal.ts';
import { idSchema } from '#src/server/ids.ts';
import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import {
  bulkReviewSchema,
  listActivityInputSchema,
  reviewCommandSchema,
  triageFilterSchema,
} from '../schema.ts';
import { countTriage } from './count-triage.ts';
import { listActivity } from './list-activity.ts';
import { listAssignees } from './list-assignees.ts';
import { reviewSession } from './review-session.ts';
import { reviewSessions } from './review-sessions.ts';

const sessionInput = z.object({ id: idSchema });
const viewer = projectProcedure('viewer');
const operator = projectProcedure('operator');

export const reviewsRouter = router({
  counts: viewer
    .input(triageFilterSchema)
    .query(({ ctx, input }) => countTriage(ctx.kernel, { ...input, projectId: ctx.projectId })),

  assignees: viewer.query(({ ctx }) => listAssignees(ctx.kernel, { projectId: ctx.projectId })),

  activity: viewer
    .input(sessionInput.extend(listActivityInputSchema.shape))
    .query(({ ctx, input }) =>
      listActivity(ctx.kernel, { projectId: ctx.projectId, sessionId: input.id, limit: input.limit }),
    ),

  review: operator.input(sessionInput.extend({ command: reviewCommandSchema })).mutation(({ ctx, input }) =>
    reviewSession(ctx.kernel, {
      projectId: ctx.projectId,
      sessionId: input.id,
      actor: actorName(ctx.principal),
      command: input.command,
    }),
  ),

  bulk: operator.input(bulkReviewSchema).mutation(({ ctx, input: { sessionIds, project: _, ...command } }) =>
    reviewSessions(ctx.kernel, {
      projectId: ctx.projectId,
      sessionIds,
      actor: actorName(ctx.principal),
      command,
    }),
  ),
});
