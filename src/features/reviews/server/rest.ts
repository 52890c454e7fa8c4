import { z } from 'zod';
import { sessionReviewSchema } from '#src/features/sessions/schema.ts';
import { actorName } from '#src/server/auth/principal.ts';
import { idSchema } from '#src/server/ids.ts';
import { defineOperation, type Operation } from '#src/server/rest/define-operation.ts';
import {
  activityPageSchema,
  bulkReviewResultSchema,
  bulkReviewSchema,
  listActivityInputSchema,
  reviewCommandSchema,
  triageCountsSchema,
  triageFilterSchema,
} from '../schema.ts';
import { countTriage } from './count-triage.ts';
import { listActivity } from './list-activity.ts';
import { reviewSession } from './review-session.ts';
import { reviewSessions } from './review-sessions.ts';

const tag = 'reviews';
const sessionParams = z.object({ id: idSchema });

const review = defineOperation({
  method: 'post',
  path: '/sessions/{id}/review',
  summary: 'Claim, complete, acknowledge, give back or reopen the review of a session',
  tag,
  access: 'operator',
  params: sessionParams,
  body: reviewCommandSchema,
  responses: { 200: { description: 'The review now', schema: z.object({ review: sessionReviewSchema }) } },
  handle: async ({ kernel, principal, projectId }, { params, body }) => ({
    status: 200,
    body: {
      review: await reviewSession(kernel, {
        projectId,
        sessionId: params.id,
        actor: actorName(principal),
        command: body,
      }),
    },
  }),
});

const activity = defineOperation({
  method: 'get',
  path: '/sessions/{id}/review',
  summary: 'List how the review of a session came about, newest first',
  tag,
  access: 'viewer',
  params: sessionParams,
  query: listActivityInputSchema,
  responses: { 200: { description: 'Who did what', schema: activityPageSchema } },
  handle: async ({ kernel, projectId }, { params, query }) => ({
    status: 200,
    body: await listActivity(kernel, { projectId, sessionId: params.id, limit: query.limit }),
  }),
});

const bulk = defineOperation({
  method: 'post',
  path: '/reviews',
  summary: 'The same review command for several sessions, with a result for each',
  tag,
  access: 'operator',
  body: bulkReviewSchema,
  responses: { 200: { description: 'One result per session', schema: bulkReviewResultSchema } },
  handle: async ({ kernel, principal, projectId }, { body: { sessionIds, ...command } }) => ({
    status: 200,
    body: await reviewSessions(kernel, { projectId, sessionIds, actor: actorName(principal), command }),
  }),
});

const triage = defineOperation({
  method: 'get',
  path: '/triage',
  summary: 'Count the sessions in each group of the triage board',
  tag,
  access: 'viewer',
  query: triageFilterSchema,
  responses: { 200: { description: 'Counts up to 1000; 1001 stands for more', schema: triageCountsSchema } },
  handle: async ({ kernel, projectId }, { query }) => ({
    status: 200,
    body: await countTriage(kernel, { ...query, projectId }),
  }),
});

export const reviewOperations: Operation[] = [triage, review, activity, bulk];
