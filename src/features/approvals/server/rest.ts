import { z } from 'zod';
import { pageSchema } from '#src/features/sessions/schema.ts';
import { actorName } from '#src/server/auth/principal.ts';
import { idSchema } from '#src/server/ids.ts';
import { defineOperation, type Operation } from '#src/server/rest/define-operation.ts';
import { approvalFilterSchema, approvalSchema, decisionSchema } from '../schema.ts';
import { decideApproval } from './decide-approval.ts';
import { listApprovals } from './list-approvals.ts';

const tag = 'approvals';

const list = defineOperation({
  method: 'get',
  path: '/approvals',
  summary: 'List tool calls and questions that people decide on, newest first',
  tag,
  access: 'viewer',
  query: approvalFilterSchema.extend(pageSchema.shape),
  responses: {
    200: {
      description: 'A page of requests',
      schema: z.object({ items: z.array(approvalSchema), nextCursor: z.string().nullable() }),
    },
  },
  handle: async ({ kernel, projectId }, { query }) => ({
    status: 200,
    body: await listApprovals(kernel, { ...query, projectId }),
  }),
});

const decide = defineOperation({
  method: 'post',
  path: '/approvals/{id}',
  summary: 'Approve or deny a waiting tool call, or answer a question',
  tag,
  access: 'operator',
  params: z.object({ id: idSchema }),
  body: decisionSchema,
  responses: { 200: { description: 'The request as decided', schema: approvalSchema } },
  handle: async ({ kernel, principal, projectId }, { params, body }) => ({
    status: 200,
    body: await decideApproval(kernel, {
      ...body,
      projectId,
      approvalId: params.id,
      actor: actorName(principal),
    }),
  }),
});

export const approvalOperations: Operation[] = [list, decide];
