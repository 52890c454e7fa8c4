import { z } from 'zod';
import { signInStateSchema } from '#src/features/mcp-servers/schema.ts';
import { retentionStateSchema } from '#src/features/retention/schema.ts';

/** What the system page shows; see `server/read-overview.ts`. Times are ISO 8601 UTC. */

export const componentStatusSchema = z.enum(['ok', 'degraded', 'down']);

/** A tool as an MCP server last listed it. */
export const mcpToolSchema = z.object({
  name: z.string(),
  description: z.string().catch(''),
  readOnly: z.boolean().catch(false),
});

/** Something that an administrator should mend; `key` says what it is about. */
export const systemWarningSchema = z.object({ key: z.string(), message: z.string(), createdAt: z.string() });
export type SystemWarning = z.infer<typeof systemWarningSchema>;

export const workerSchema = z.object({
  id: z.string(),
  hostname: z.string(),
  pid: z.number().int(),
  concurrency: z.number().int(),
  /** Sessions whose lease it holds. */
  running: z.number().int(),
  heartbeatAt: z.string(),
  alive: z.boolean(),
});

/** What every page asks for now and then. */
export const noticesSchema = z.object({
  /** What answers: version and build. A page that was served by another one is out of date. */
  release: z.string(),
  warnings: z.array(systemWarningSchema),
});
export type Notices = z.infer<typeof noticesSchema>;

export const systemOverviewSchema = z.object({
  version: z.string(),
  /** What answers by default; `offline` is the rule-based analyst that needs no key. */
  provider: z.object({ name: z.string(), type: z.string(), model: z.string(), offline: z.boolean() }),
  components: z.array(z.object({ name: z.string(), status: componentStatusSchema, detail: z.string() })),
  workers: z.array(workerSchema),
  /** Of the whole installation. */
  queue: z.object({
    pending: z.number().int(),
    running: z.number().int(),
    waiting: z.number().int(),
    maxRunning: z.number().int(),
    maxPending: z.number().int(),
    oldestPendingAt: z.string().nullable(),
  }),
  mcpServers: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      error: z.string().nullable(),
      checkedAt: z.string().nullable(),
      tools: z.array(mcpToolSchema),
      /** Null for a server that wants no sign-in. */
      signIn: signInStateSchema.nullable(),
    }),
  ),
  retention: retentionStateSchema,
  warnings: z.array(systemWarningSchema),
});
export type SystemOverview = z.infer<typeof systemOverviewSchema>;

export const configurationSchema = z.object({
  /** Without secrets; durations are milliseconds. */
  yaml: z.string(),
});

/** Knowledge of the team that agents may read. */
export const skillSchema = z.object({
  name: z.string(),
  /** When to use it. */
  description: z.string(),
  /** Markdown, masked, as agents read it. */
  text: z.string(),
});
export type SkillView = z.infer<typeof skillSchema>;
export const skillEntrySchema = skillSchema.omit({ text: true });
export type SkillEntry = z.infer<typeof skillEntrySchema>;
export const skillNameSchema = z.object({ name: z.string().min(1).max(200) });
