import { z } from 'zod';
import { actorName } from '#src/server/auth/principal.ts';
import { idSchema } from '#src/server/ids.ts';
import { defineOperation, type Operation } from '#src/server/rest/define-operation.ts';
import {
  editMemorySchema,
  listMemoriesInputSchema,
  memoryActionSchema,
  memoryPageSchema,
  memorySchema,
  newMemorySchema,
} from '../schema.ts';
import { actOnMemory, createMemory, editMemory } from './change-memory.ts';
import { listMemories } from './list-memories.ts';
import { readMemory } from './read-memory.ts';

const tag = 'memories';
const memoryParams = z.object({ memoryId: idSchema });

const list = defineOperation({
  method: 'get',
  path: '/memories',
  summary: 'List what past investigations taught, the last confirmed first',
  tag,
  access: 'viewer',
  query: listMemoriesInputSchema,
  responses: { 200: { description: 'A page of memories', schema: memoryPageSchema } },
  handle: async ({ kernel, projectId }, { query }) => ({
    status: 200,
    body: await listMemories(kernel, { ...query, projectId }),
  }),
});

const show = defineOperation({
  method: 'get',
  path: '/memories/{memoryId}',
  summary: 'Show a memory',
  tag,
  access: 'viewer',
  params: memoryParams,
  responses: { 200: { description: 'The memory', schema: memorySchema } },
  handle: async ({ kernel, projectId }, { params }) => ({
    status: 200,
    body: await readMemory(kernel, { projectId, ...params }),
  }),
});

const create = defineOperation({
  method: 'post',
  path: '/memories',
  summary: 'Write a memory by hand',
  tag,
  access: 'operator',
  body: newMemorySchema,
  responses: { 201: { description: 'The memory', schema: memorySchema } },
  handle: async ({ kernel, principal, projectId }, { body }) => ({
    status: 201,
    body: await createMemory(kernel, { projectId, actor: actorName(principal), memory: body }),
  }),
});

const edit = defineOperation({
  method: 'post',
  path: '/memories/{memoryId}',
  summary: 'Correct a memory',
  tag,
  access: 'operator',
  params: memoryParams,
  body: editMemorySchema,
  responses: { 200: { description: 'The memory now', schema: memorySchema } },
  handle: async ({ kernel, principal, projectId }, { params, body }) => ({
    status: 200,
    body: await editMemory(kernel, { projectId, ...params, actor: actorName(principal), change: body }),
  }),
});

const act = defineOperation({
  method: 'post',
  path: '/memories/{memoryId}/action',
  summary: 'Put a memory out of use, back into use, or delete it',
  tag,
  access: 'operator',
  params: memoryParams,
  body: memoryActionSchema,
  responses: {
    200: {
      description: 'The memory now; null when deleted',
      schema: z.object({ memory: memorySchema.nullable() }),
    },
  },
  handle: async ({ kernel, principal, projectId }, { params, body }) => ({
    status: 200,
    body: {
      memory: await actOnMemory(kernel, {
        projectId,
        ...params,
        actor: actorName(principal),
        command: body,
      }),
    },
  }),
});

export const memoryOperations: Operation[] = [list, show, create, edit, act];
