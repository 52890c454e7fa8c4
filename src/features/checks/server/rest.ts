import { actorName } from '#src/server/auth/principal.ts';
import { defineOperation, type Operation } from '#src/server/rest/define-operation.ts';
import { checkListSchema, checkNameSchema, checkSchema, startedCheckSchema } from '../schema.ts';
import { pauseCheck, resumeCheck, runCheckNow } from './command-check.ts';
import { listChecks } from './list-checks.ts';

const tag = 'checks';

const list = defineOperation({
  method: 'get',
  path: '/checks',
  summary: 'List the checks of the project with their newest runs; all of them are one page',
  tag,
  access: 'viewer',
  responses: { 200: { description: 'The checks', schema: checkListSchema } },
  handle: async ({ kernel, projectId }) => ({ status: 200, body: await listChecks(kernel, { projectId }) }),
});

const run = defineOperation({
  method: 'post',
  path: '/checks/{name}/run',
  summary: 'Run a check now',
  tag,
  access: 'operator',
  params: checkNameSchema,
  responses: {
    202: { description: 'Its session is queued', schema: startedCheckSchema },
    409: { description: 'A run of it has not ended, or it is turned off' },
    429: { description: 'The queue is full' },
  },
  handle: async ({ kernel, principal, projectId }, { params }) => ({
    status: 202,
    body: await runCheckNow(kernel, { projectId, actor: actorName(principal), name: params.name }),
  }),
});

const pause = defineOperation({
  method: 'post',
  path: '/checks/{name}/pause',
  summary: 'Pause a check: its ticks pass unused',
  tag,
  access: 'operator',
  params: checkNameSchema,
  responses: { 200: { description: 'The check now', schema: checkSchema } },
  handle: async ({ kernel, principal, projectId }, { params }) => ({
    status: 200,
    body: await pauseCheck(kernel, { projectId, actor: actorName(principal), name: params.name }),
  }),
});

const resume = defineOperation({
  method: 'post',
  path: '/checks/{name}/resume',
  summary: 'Resume a paused check with its next tick',
  tag,
  access: 'operator',
  params: checkNameSchema,
  responses: { 200: { description: 'The check now', schema: checkSchema } },
  handle: async ({ kernel, principal, projectId }, { params }) => ({
    status: 200,
    body: await resumeCheck(kernel, { projectId, actor: actorName(principal), name: params.name }),
  }),
});

export const checkOperations: Operation[] = [list, run, pause, resume];
