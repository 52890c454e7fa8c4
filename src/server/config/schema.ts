import { z } from 'zod';
import type { SkillLibrary } from './parse-skill.ts';
import { authSchema } from './schema-access.ts';
import { agentSchema, chainSchema } from './schema-agents.ts';
import { checkSchema } from './schema-checks.ts';
import { llmProviderSchema, mcpServerSchema } from './schema-connections.ts';
import { intakeSchema } from './schema-intake.ts';
import { notificationsSchema } from './schema-notifications.ts';
import {
  approvalSchema,
  calendarSchema,
  costsSchema,
  dedupSchema,
  defaultsSchema,
  memorySchema,
  queueSchema,
  retentionSchema,
  runbooksSchema,
  sharedMaskingSchema,
  uiSchema,
  webhooksSchema,
} from './schema-settings.ts';
import { entryName } from './value-schemas.ts';

/**
 * The whole configuration (`config/*.yaml`, merged). Keys keep their YAML names; every duration is parsed to a
 * number of **milliseconds** (see `DurationMs`), so `queue.sessionTimeout` of `40m` is `2400000`.
 */
export const configSchema = z.strictObject({
  auth: authSchema.prefault({}),
  intake: intakeSchema.prefault({}),
  queue: queueSchema.prefault({}),
  defaults: defaultsSchema.prefault({}),
  llmProviders: z.record(entryName, llmProviderSchema).default({}),
  mcpServers: z.record(entryName, mcpServerSchema).default({}),
  agents: z.record(entryName, agentSchema).default({}),
  chains: z.record(entryName, chainSchema).default({}),
  checks: z.record(entryName, checkSchema).default({}),
  runbooks: runbooksSchema.prefault({}),
  webhooks: webhooksSchema.prefault({}),
  dedup: dedupSchema.prefault({}),
  approval: approvalSchema.prefault({}),
  memory: memorySchema.prefault({}),
  notifications: notificationsSchema.prefault({}),
  masking: sharedMaskingSchema.prefault({}),
  costs: costsSchema.prefault({}),
  retention: retentionSchema.prefault({}),
  ui: uiSchema.prefault({}),
  calendar: calendarSchema.prefault({}),
});

/** The sections whose entries are named by the user: the same name in a later file replaces the whole entry. */
export const ENTRY_SECTIONS = [
  'llmProviders',
  'mcpServers',
  'agents',
  'chains',
  'checks',
  'notifications.destinations',
] as const;

export type Config = z.infer<typeof configSchema> & {
  /** By name; read from `skills/` beside the files, not from them. */
  readonly skills?: SkillLibrary;
};

export type { Skill, SkillLibrary } from './parse-skill.ts';
export type * from './schema-agents.ts';
export type * from './schema-checks.ts';
export type * from './schema-connections.ts';
export type * from './schema-notifications.ts';
export type * from './schema-settings.ts';
export type { DurationMs } from './value-schemas.ts';
