import { z } from 'zod';
import { pageSchema, runStatusSchema } from '#src/features/sessions/schema.ts';
import { actorName, personOf } from '#src/server/auth/principal.ts';
import { idSchema } from '#src/server/ids.ts';
import { defineOperation, type Operation } from '#src/server/rest/define-operation.ts';
import { askedSchema, chatMessageSchema, chatTurnSchema } from '../schema.ts';
import { askQuestion } from './ask-question.ts';
import { cancelTurn } from './cancel-turn.ts';
import { listTurns, readTurn } from './list-turns.ts';

const tag = 'chat';
const sessionParams = z.object({ id: idSchema });

const ask = defineOperation({
  method: 'post',
  path: '/sessions/{id}/chat',
  summary: 'Ask an ended session a question; up to five wait while one is answered',
  tag,
  access: 'operator',
  params: sessionParams,
  body: chatMessageSchema,
  responses: { 202: { description: 'The turn and its stage in the timeline', schema: askedSchema } },
  handle: async ({ kernel, principal, projectId }, { params, body }) => ({
    status: 202,
    body: await askQuestion(kernel, {
      projectId,
      sessionId: params.id,
      message: body.message,
      author: actorName(principal),
      authorId: personOf(principal),
    }),
  }),
});

const turns = defineOperation({
  method: 'get',
  path: '/sessions/{id}/chat',
  summary: 'List the questions that were put to a session, oldest first, with their answers',
  tag,
  access: 'viewer',
  params: sessionParams,
  query: pageSchema,
  responses: {
    200: {
      description: 'A page of turns',
      schema: z.object({ items: z.array(chatTurnSchema), nextCursor: z.string().nullable() }),
    },
  },
  handle: async ({ kernel, projectId }, { params, query }) => ({
    status: 200,
    body: await listTurns(kernel, { ...query, projectId, sessionId: params.id }),
  }),
});

const turn = defineOperation({
  method: 'get',
  path: '/sessions/{id}/chat/{turnId}',
  summary: 'Show one question that was put to a session, with its answer',
  tag,
  access: 'viewer',
  params: sessionParams.extend({ turnId: idSchema }),
  responses: { 200: { description: 'The turn', schema: chatTurnSchema } },
  handle: async ({ kernel, projectId }, { params }) => ({
    status: 200,
    body: await readTurn(kernel, { projectId, sessionId: params.id, turnId: params.turnId }),
  }),
});

const cancel = defineOperation({
  method: 'post',
  path: '/sessions/{id}/chat/{turnId}/cancel',
  summary: 'Cancel a question that waits or is being answered',
  tag,
  access: 'operator',
  params: sessionParams.extend({ turnId: idSchema }),
  responses: { 200: { description: 'Its status now', schema: z.object({ status: runStatusSchema }) } },
  handle: async ({ kernel, principal, projectId }, { params }) => ({
    status: 200,
    body: await cancelTurn(kernel, {
      projectId,
      sessionId: params.id,
      turnId: params.turnId,
      actor: actorName(principal),
    }),
  }),
});

export const chatOperations: Operation[] = [ask, turns, turn, cancel];
