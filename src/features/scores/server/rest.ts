import { z } from 'zod';
import { actorName } from '#src/server/auth/principal.ts';
import { idSchema } from '#src/server/ids.ts';
import { defineOperation, type Operation } from '#src/server/rest/define-operation.ts';
import { requestedScoreSchema, scorePageSchema } from '../schema.ts';
import { listScores } from './list-scores.ts';
import { requestScore } from './request-score.ts';

const tag = 'scores';
const sessionParams = z.object({ id: idSchema });

const score = defineOperation({
  method: 'post',
  path: '/sessions/{id}/score',
  summary: 'Have an ended session scored, also once more',
  tag,
  access: 'operator',
  params: sessionParams,
  responses: { 202: { description: 'The score that will be there', schema: requestedScoreSchema } },
  handle: async ({ kernel, principal, projectId }, { params }) => ({
    status: 202,
    body: await requestScore(kernel, { projectId, sessionId: params.id, actor: actorName(principal) }),
  }),
});

const list = defineOperation({
  method: 'get',
  path: '/sessions/{id}/scores',
  summary: 'List the scores of a session, newest first',
  tag,
  access: 'viewer',
  params: sessionParams,
  responses: { 200: { description: 'Its scores', schema: scorePageSchema } },
  handle: async ({ kernel, projectId }, { params }) => ({
    status: 200,
    body: await listScores(kernel, { projectId, sessionId: params.id }),
  }),
});

export const scoreOperations: Operation[] = [score, list];
