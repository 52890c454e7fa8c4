import { z } from 'zod';
import { serverApprovalRuleSchema, toolName } from './schema-connections.ts';
import {
  budgetsSchema,
  chainRunbookSchema,
  executiveSummarySchema,
  onIterationLimitSchema,
  scoringSchema,
  subAgentLimitsSchema,
  successPolicySchema,
} from './schema-settings.ts';
import {
  entryName,
  flag,
  instructionText,
  nonEmptyText,
  projectNames,
  re2Pattern,
  wholeNumber,
} from './value-schemas.ts';

export const AGENT_TYPES = ['investigation', 'synthesis', 'summary', 'scoring', 'action', 'chat'] as const;

/** `cluster` is short for `{ name: cluster }`. */
function nameAsObject(value: unknown): unknown {
  return typeof value === 'string' ? { name: value } : value;
}

/** A server that an execution may use; `tools` narrows it to the named ones, absent means all. */
export const mcpServerSelectionSchema = z.strictObject({
  name: entryName,
  tools: z.array(toolName).min(1, 'at least one tool (leave the key out for all)').optional(),
});

const mcpServerSelections = z.array(z.preprocess(nameAsObject, mcpServerSelectionSchema));

/** An agent that the parent may start by itself. */
export const subAgentSchema = z.strictObject({
  name: entryName,
  llmProvider: entryName.optional(),
  maxIterations: wholeNumber(1, 1_000).optional(),
  onIterationLimit: onIterationLimitSchema.optional(),
  mcpServers: mcpServerSelections.optional(),
});

/** Tools of the provider's own; what is absent is up to the weaker levels, and off when none says anything. */
export const nativeToolsSchema = z.strictObject({
  webSearch: flag.optional(),
  urlContext: flag.optional(),
  codeExecution: flag.optional(),
});

/** What every level (agent, chain, stage, the stage's agent) may set; absent leaves the weaker level's value. */
const executionSettings = {
  llmProvider: entryName.optional(),
  fallbackProviders: z.array(entryName).optional(),
  maxIterations: wholeNumber(1, 1_000).optional(),
  onIterationLimit: onIterationLimitSchema.optional(),
  mcpServers: mcpServerSelections.optional(),
  subAgents: z.array(z.preprocess(nameAsObject, subAgentSchema)).optional(),
  subAgentLimits: subAgentLimitsSchema.partial().optional(),
  /** Whether the agent may ask people questions, and wait for the answer. */
  askPeople: flag.optional(),
  nativeTools: nativeToolsSchema.optional(),
};

export const agentSchema = z.strictObject({
  type: z.enum(AGENT_TYPES, { error: () => `one of ${AGENT_TYPES.join(', ')}` }).default('investigation'),
  description: z.string().optional(),
  instructions: instructionText.optional(),
  ...executionSettings,
  /** Skills on offer. Absent: all of them; an empty list: none. */
  skills: z.array(nonEmptyText).optional(),
  requiredSkills: z.array(nonEmptyText).default([]),
});

/** Skills that a stage, or one agent in it, adds to those of the agent. */
const addedSkills = {
  skills: z.array(nonEmptyText).optional(),
  requiredSkills: z.array(nonEmptyText).optional(),
};

export const stageAgentSchema = z.strictObject({ name: entryName, ...executionSettings, ...addedSkills });

/** What must hold of an earlier stage's result; each condition that is given has to. */
export const whenSchema = z.strictObject({
  /** Name of the stage; absent: the newest result. */
  stage: nonEmptyText.optional(),
  /** RE2 expressions, found anywhere in the result, whatever the case. */
  matches: re2Pattern.optional(),
  notMatches: re2Pattern.optional(),
  /** What the result states as its confidence. */
  confidence: z
    .array(z.enum(['high', 'medium', 'low']))
    .min(1, 'at least one level')
    .optional(),
});

export const stageSchema = z.strictObject({
  name: nonEmptyText,
  /** Runs only if this holds; else the stage is skipped and the chain goes on. */
  when: whenSchema.optional(),
  agents: z.array(z.preprocess(nameAsObject, stageAgentSchema)).min(1, 'at least one agent'),
  /** Above 1: that many copies of the stage's first (then only) agent. */
  replicas: wholeNumber(1, 50).default(1),
  successPolicy: successPolicySchema.optional(),
  /** With the policy `any`: the first success ends the stage, and the other agents are cancelled. */
  stopEarly: flag.default(false),
  /** How several answers of the stage become one. */
  synthesis: z
    .strictObject({
      enabled: flag.default(true),
      agent: entryName.default('synthesis'),
      llmProvider: entryName.optional(),
    })
    .optional(),
  ...executionSettings,
  ...addedSkills,
});

export const chainSchema = z.strictObject({
  description: z.string().optional(),
  /** Whose alerts it investigates. */
  projects: projectNames,
  alertTypes: z.array(nonEmptyText).default([]),
  stages: z.array(stageSchema).min(1, 'at least one stage'),
  successPolicy: successPolicySchema.optional(),
  budgets: budgetsSchema.optional(),
  /** Exceptions from the servers' own policies, for this chain; they come first. */
  approval: z.strictObject({ rules: z.array(serverApprovalRuleSchema).default([]) }).optional(),
  ...executionSettings,
  chat: z
    .strictObject({
      enabled: flag.default(true),
      agent: entryName.default('chat'),
      llmProvider: entryName.optional(),
      maxIterations: wholeNumber(1, 1_000).optional(),
      onIterationLimit: onIterationLimitSchema.optional(),
      mcpServers: mcpServerSelections.optional(),
    })
    .prefault({}),
  executiveSummary: executiveSummarySchema.prefault({}),
  scoring: scoringSchema.prefault({}),
  runbook: chainRunbookSchema.prefault({}),
});

export type AgentType = (typeof AGENT_TYPES)[number];
export type McpServerSelection = z.infer<typeof mcpServerSelectionSchema>;
export type SubAgentConfig = z.infer<typeof subAgentSchema>;
export type AgentConfig = z.infer<typeof agentSchema>;
export type StageAgentConfig = z.infer<typeof stageAgentSchema>;
export type WhenConfig = z.infer<typeof whenSchema>;
export type StageConfig = z.infer<typeof stageSchema>;
export type ChainConfig = z.infer<typeof chainSchema>;
