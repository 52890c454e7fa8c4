import { pageSchema } from '#src/features/sessions/schema.ts';
import { actorName } from '#src/server/auth/principal.ts';
import { idSchema } from '#src/server/ids.ts';
import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { approvalFilterSchema, cancelExecutionSchema, decisionSchema } from '../schema.ts';
import { cancelExecution } from './cancel-execution.ts';
import { decideApproval } from './decide-approval.ts';
import { countPendingApprovals, listApprovals } from './list-approvals.ts';

const viewer = projectProcedure('viewer');

export const approvalsRouter = router({
  list: viewer
    .input(approvalFilterSchema.extend(pageSchema.shape))
    .query(({ ctx, input }) => listApprovals(ctx.kernel, { ...input, projectId: ctx.projectId })),

  count: viewer.query(({ ctx }) => countPendingApprovals(ctx.kernel, { projectId: ctx.projectId })),

  decide: projectProcedure('operator')
    .input(decisionSchema.extend({ id: idSchema }))
    .mutation(({ ctx, input }) =>
      decideApproval(ctx.kernel, {
        ...input,
        projectId: ctx.projectId,
        approvalId: input.id,
        actor: actorName(ctx.principal),
      }),
    ),

  cancelExecution: projectProcedure('operator')
    .input(cancelExecutionSchema.extend({ id: idSchema, executionId: idSchema }))
    .mutation(({ ctx, input }) =>
      cancelExecution(ctx.kernel, {
        projectId: ctx.projectId,
        sessionId: input.id,
        executionId: input.executionId,
        reason: input.reason,
        actor: actorName(ctx.principal),
      }),
    ),
});
