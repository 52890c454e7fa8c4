import { defineOperation, type Operation } from '#src/server/rest/define-operation.ts';
import { usageQuerySchema, usageReportSchema } from '../schema.ts';
import { readUsage } from './read-usage.ts';

const report = defineOperation({
  method: 'get',
  path: '/usage',
  summary:
    'Report tokens and cost by day, model, chain, alert type, kind of call, and the sessions that used most',
  tag: 'usage',
  access: 'viewer',
  query: usageQuerySchema,
  responses: { 200: { description: 'The report; days are UTC', schema: usageReportSchema } },
  handle: async ({ kernel, projectId }, { query }) => ({
    status: 200,
    body: await readUsage(kernel, { ...query, projectId }),
  }),
});

export const usageOperations: Operation[] = [report];
