import { z } from 'zod';
import { actorName } from '#src/server/auth/principal.ts';
import { idSchema } from '#src/server/ids.ts';
import { projectProcedure, router } from '#src/server/trpc/trpc.ts';
import { editMemorySchema, listMemoriesInputSchema, memoryActionSchema, newMemorySchema } from '../schema.ts';
import { actOnMemory, createMemory, editMemory } from './change-memory.ts';
import { listMemories } from './list-memories.ts';

const operator = projectProcedure('operator');
const memoryInput = z.object({ memoryId: idSchema });

export const memoriesRouter = router({
  list: projectProcedure('viewer')
    .input(listMemoriesInputSchema)
    .query(({ ctx, input }) => listMemories(ctx.kernel, { ...input, projectId: ctx.projectId })),

  create: operator.input(z.object({ memory: newMemorySchema })).mutation(({ ctx, input }) =>
    createMemory(ctx.kernel, {
      projectId: ctx.projectId,
      actor: actorName(ctx.principal),
      memory: input.memory,
    }),
  ),

  edit: operator.input(memoryInput.extend({ change: editMemorySchema })).mutation(({ ctx, input }) =>
    editMemory(ctx.kernel, {
      projectId: ctx.projectId,
      memoryId: input.memoryId,
      actor: actorName(ctx.principal),
      change: input.change,
    }),
  ),

  act: operator.input(memoryInput.extend({ command: memoryActionSchema })).mutation(({ ctx, input }) =>
    actOnMemory(ctx.kernel, {
      projectId: ctx.projectId,
      memoryId: input.memoryId,
      actor: actorName(ctx.principal),
      command: input.command,
    }),
  ),
});
