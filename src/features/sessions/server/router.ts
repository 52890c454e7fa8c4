import { z } from 'zod';
import { actorName, personOf } from '#src/server/auth/principal.ts';
import { idSchema } from '#src/server/ids.ts';
import { projectProcedure, router, signedInProcedure } from '#src/server/trpc/trpc.ts';
import { listSessionsInputSchema, pageSchema, toolSetHashSchema } from '../schema.ts';
import { cancelSession } from './cancel-session.ts';
import { readExecutionUsage } from './read/execution-usage.ts';
import { readFilterOptions } from './read/filter-options.ts';
import { listActiveSessions } from './read/list-active.ts';
import { listDeliveries } from './read/list-deliveries.ts';
import { listSessions } from './read/list-sessions.ts';
import { locateSession } from './read/locate-session.ts';
import { readEvents } from './read/read-events.ts';
import { readNames } from './read/read-names.ts';
import { readOutputSlice } from './read/read-output.ts';
import { readSnapshot } from './read/read-snapshot.ts';
import { readToolSet } from './read/read-tool-set.ts';
import { readTrace } from './read/read-trace.ts';
import { eventRangeSchema, outputSliceSchema } from './read/request-schemas.ts';
import { rerunSession } from './rerun-session.ts';

const sessionInput = z.object({ id: idSchema });

const viewer = projectProcedure('viewer');
const viewerOfSession = viewer.input(sessionInput);
const operatorOfSession = projectProcedure('operator').input(sessionInput);

export const sessionsRouter = router({
  list: viewer
    .input(listSessionsInputSchema)
    .query(({ ctx, input }) => listSessions(ctx.kernel, { ...input, projectId: ctx.projectId })),

  active: viewer.query(({ ctx }) => listActiveSessions(ctx.kernel, { projectId: ctx.projectId })),

  filterOptions: viewer.query(({ ctx }) => readFilterOptions(ctx.kernel, { projectId: ctx.projectId })),

  locate: signedInProcedure
    .input(sessionInput)
    .query(({ ctx, input }) => locateSession(ctx.kernel, { principal: ctx.principal, sessionId: input.id })),

  snapshot: viewerOfSession.query(({ ctx, input }) =>
    readSnapshot(ctx.kernel, { projectId: ctx.projectId, sessionId: input.id }),
  ),

  /** What the placeholders in the session's texts stand for. */
  names: viewerOfSession.query(({ ctx, input }) =>
    readNames(ctx.kernel, { projectId: ctx.projectId, sessionId: input.id }),
  ),

  /** `calls` is the number of model calls that the reader knows of: another number, another answer to keep. */
  executionUsage: viewerOfSession
    .input(z.object({ calls: z.number().int().min(0) }))
    .query(({ ctx, input }) =>
      readExecutionUsage(ctx.kernel, { projectId: ctx.projectId, sessionId: input.id }),
    ),

  events: viewerOfSession.input(eventRangeSchema).query(({ ctx, input }) =>
    readEvents(ctx.kernel, {
      projectId: ctx.projectId,
      sessionId: input.id,
      after: input.after,
      limit: input.limit,
    }),
  ),

  trace: viewerOfSession.input(pageSchema).query(({ ctx, input }) =>
    readTrace(ctx.kernel, {
      projectId: ctx.projectId,
      sessionId: input.id,
      limit: input.limit,
      cursor: input.cursor,
    }),
  ),

  toolSet: viewerOfSession
    .input(z.object({ hash: toolSetHashSchema }))
    .query(({ ctx, input }) =>
      readToolSet(ctx.kernel, { projectId: ctx.projectId, sessionId: input.id, hash: input.hash }),
    ),

  output: viewerOfSession.input(outputSliceSchema.extend({ outputId: idSchema })).query(({ ctx, input }) =>
    readOutputSlice(ctx.kernel, {
      projectId: ctx.projectId,
      sessionId: input.id,
      outputId: input.outputId,
      offset: input.offset,
      limit: input.limit,
    }),
  ),

  deliveries: viewerOfSession.query(({ ctx, input }) =>
    listDeliveries(ctx.kernel, { projectId: ctx.projectId, sessionId: input.id }),
  ),

  cancel: operatorOfSession.mutation(({ ctx, input }) =>
    cancelSession(ctx.kernel, {
      projectId: ctx.projectId,
      sessionId: input.id,
      actor: actorName(ctx.principal),
    }),
  ),

  rerun: operatorOfSession.mutation(({ ctx, input }) =>
    rerunSession(ctx.kernel, {
      projectId: ctx.projectId,
      sessionId: input.id,
      actor: actorName(ctx.principal),
      actorId: personOf(ctx.principal),
    }),
  ),
});
