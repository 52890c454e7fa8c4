import { z } from 'zod';
import { idSchema } from '#src/server/ids.ts';
import { defineOperation } from '#src/server/rest/define-operation.ts';
import { runbookListSchema, sessionRunbookSchema } from '../schema.ts';
import { listRunbooks } from './list-runbooks.ts';
import { pageRunbooks, runbookPageSchema } from './page-runbooks.ts';
import { readSessionRunbook } from './read-session-runbook.ts';

const tag = 'runbooks';

const list = defineOperation({
  method: 'get',
  path: '/runbooks',
  summary: 'List the runbooks that an alert can be given; empty when none are configured',
  tag,
  access: 'viewer',
  query: runbookPageSchema,
  responses: {
    200: { description: 'A page of runbooks, by path', schema: runbookListSchema },
    503: { description: 'The repository cannot be read, and never could be.' },
  },
  handle: async ({ kernel, signal }, { query }) => ({
    status: 200,
    body: pageRunbooks(await listRunbooks(kernel, { signal }), query),
  }),
});

const ofSession = defineOperation({
  method: 'get',
  path: '/sessions/{id}/runbook',
  summary: 'Show the runbook that the agents of a session read',
  tag,
  access: 'viewer',
  params: z.object({ id: idSchema }),
  responses: {
    200: { description: 'The runbook; its text is null when there is none', schema: sessionRunbookSchema },
  },
  handle: async ({ kernel, projectId }, { params }) => ({
    status: 200,
    body: await readSessionRunbook(kernel, { projectId, sessionId: params.id }),
  }),
});

export const runbookOperations = [list, ofSession];
