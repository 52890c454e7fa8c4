import { z } from 'zod';
import { idSchema } from '#src/server/ids.ts';
import { defineOperation, type Operation } from '#src/server/rest/define-operation.ts';
import { evaluationItemSchema, evaluationSchema, listEvaluationsInputSchema } from '../schema.ts';
import { listEvaluations } from './list-evaluations.ts';
import { readEvaluation } from './read-evaluation.ts';

const tag = 'evaluations';

const list = defineOperation({
  method: 'get',
  path: '/evaluations',
  summary: 'List evaluations, newest first',
  tag,
  access: 'viewer',
  query: listEvaluationsInputSchema,
  responses: {
    200: {
      description: 'A page of evaluations',
      schema: z.object({ items: z.array(evaluationItemSchema), nextCursor: z.string().nullable() }),
    },
  },
  handle: async ({ kernel, projectId }, { query }) => ({
    status: 200,
    body: await listEvaluations(kernel, { ...query, projectId }),
  }),
});

const show = defineOperation({
  method: 'get',
  path: '/evaluations/{id}',
  summary: 'Show an evaluation with every attempt and what it lacked',
  tag,
  access: 'viewer',
  params: z.object({ id: idSchema }),
  responses: { 200: { description: 'The evaluation', schema: evaluationSchema } },
  handle: async ({ kernel, projectId }, { params }) => ({
    status: 200,
    body: await readEvaluation(kernel, { projectId, evaluationId: params.id }),
  }),
});

export const evaluationOperations: Operation[] = [list, show];
