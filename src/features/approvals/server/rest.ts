import { z } from 'zod';
import { pageSchema, runStatusSchema } from '#src/features/sessions/schema.ts';
import { actorName } from '#src/server/auth/principal.ts';
import { idSchema } from '#src/server/ids.ts';
import { defineOperation, type Operation } from '#src/server/rest/define-operation.ts';
import { approvalFilterSchema, approvalSchema, cancelExecutionSchema, decisionSchema } from '../schema.ts';
import { cancelExecution } from './cancel-execution.ts';
import { decideApproval } from './decide-approval.ts';
import { listApprovals } from './list-approvals.ts';

const tag = 'approvals';

const list = defineOperation({
  method: 'get',
  path: '/approvals',
  summary: 'List tool calls, questions and paused agents that people decide on, newest first',
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
  summary: 'Approve or deny a waiting tool call, answer a question, or say how a paused agent goes on',
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

const cancelAgent = defineOperation({
  method: 'post',
  path: '/sessions/{id}/executions/{executionId}/cancel',
  summary: 'Cancel one agent of a session, with its sub-agents; the others go on',
  tag: 'sessions',
  access: 'operator',
  params: z.object({ id: idSchema, executionId: idSchema }),
  body: cancelExecutionSchema,
  responses: { 200: { description: 'Its status now', schema: z.object({ status: runStatusSchema }) } },
  handle: async ({ kernel, principal, projectId }, { params, body }) => ({
    status: 200,
    body: await cancelExecution(kernel, {
      projectId,
      sessionId: params.id,
      executionId: params.executionId,
      reason: body.reason,
      actor: actorName(principal),
    }),
  }),
});

export const approvalOperations: Operation[] = [list, decide, cancelAgent];
