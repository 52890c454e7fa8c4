import { z } from 'zod';
import { defineOperation, type Operation } from '#src/server/rest/define-operation.ts';
import {
  configurationSchema,
  skillEntrySchema,
  skillNameSchema,
  skillSchema,
  systemWarningSchema,
  workerSchema,
} from '../schema.ts';
import { readConfiguration } from './read-configuration.ts';
import { listSkills, readSkill } from './read-skills.ts';
import { readWarnings } from './read-warnings.ts';
import { readWorkers } from './read-workers.ts';

const tag = 'system';
/** These lists are short and come whole. */
const wholeListOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.null() });

const warnings = defineOperation({
  method: 'get',
  path: '/system/warnings',
  summary: 'List what is wrong with the installation now',
  tag,
  access: 'viewer',
  responses: { 200: { description: 'Open warnings', schema: wholeListOf(systemWarningSchema) } },
  handle: async ({ kernel }) => ({
    status: 200,
    body: { items: await readWarnings(kernel), nextCursor: null },
  }),
});

const workers = defineOperation({
  method: 'get',
  path: '/system/workers',
  summary: 'List the worker processes of the last day, and what each runs',
  tag,
  access: 'viewer',
  responses: { 200: { description: 'The living ones first', schema: wholeListOf(workerSchema) } },
  handle: async ({ kernel }) => ({
    status: 200,
    body: { items: await readWorkers(kernel), nextCursor: null },
  }),
});

const configuration = defineOperation({
  method: 'get',
  path: '/system/config',
  summary: 'Show the configuration as it holds: files, defaults and variables, without secrets',
  tag,
  access: 'admin',
  responses: { 200: { description: 'The configuration', schema: configurationSchema } },
  handle: async ({ kernel }) => ({ status: 200, body: readConfiguration(kernel) }),
});

const skills = defineOperation({
  method: 'get',
  path: '/skills',
  summary: 'List the skills that agents may read',
  tag,
  access: 'viewer',
  responses: { 200: { description: 'All of them, by name', schema: wholeListOf(skillEntrySchema) } },
  handle: async ({ kernel }) => ({ status: 200, body: { items: listSkills(kernel), nextCursor: null } }),
});

const skill = defineOperation({
  method: 'get',
  path: '/skills/{name}',
  summary: 'Show a skill with its text',
  tag,
  access: 'viewer',
  params: skillNameSchema,
  responses: { 200: { description: 'The skill, masked as agents read it', schema: skillSchema } },
  handle: async ({ kernel }, { params }) => ({ status: 200, body: readSkill(kernel, params) }),
});

export const systemOperations: Operation[] = [warnings, workers, configuration, skills, skill];
