import { z } from 'zod';
import { actorName, personOf } from '#src/server/auth/principal.ts';
import { projectInput, projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { type AcceptedAlert, defaultToolsInputSchema, postAlertSchema } from '../schema.ts';
import { listAlertTypes } from './list-alert-types.ts';
import { fromPostAlert } from './normalise-alert.ts';
import { readDefaultTools } from './read-default-tools.ts';
import { receiveAlert } from './receive-alert.ts';
import { fireSample, listSamples } from './samples.ts';

export const alertsRouter = router({
  submit: projectProcedure('operator')
    .input(postAlertSchema.extend(projectInput.shape))
    .mutation(async ({ ctx, input: { project: _project, ...alert } }): Promise<AcceptedAlert> => {
      const received = await receiveAlert(ctx.kernel, {
        projectId: ctx.projectId,
        actor: actorName(ctx.principal),
        actorId: personOf(ctx.principal),
        alert: fromPostAlert(alert),
      });
      return {
        sessionId: received.sessionId ?? '',
        alertId: received.alertId,
        status: received.sessionStatus ?? received.alertStatus,
        deduplicated: received.deduplicated,
      };
    }),

  formOptions: projectProcedure('viewer').query(({ ctx }) => ({ alertTypes: listAlertTypes(ctx.kernel) })),

  defaultTools: projectProcedure('viewer')
    .input(defaultToolsInputSchema)
    .query(({ ctx, input }) =>
      readDefaultTools(ctx.kernel, { alertType: input.alertType, reader: personOf(ctx.principal) }),
    ),

  samples: projectProcedure('viewer').query(async ({ ctx }) => ({ items: await listSamples(ctx.kernel) })),

  fireSample: projectProcedure('operator')
    .input(z.object({ id: z.string().min(1).max(100) }))
    .mutation(({ ctx, input }) =>
      fireSample(ctx.kernel, { projectId: ctx.projectId, actor: actorName(ctx.principal), id: input.id }),
    ),
});
