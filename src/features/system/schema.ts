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

export const systemOverviewSchema = z.object({
  version: z.string(),
  /** What answers by default; `offline` is the rule-based analyst that needs no key. */
  provider: z.object({ name: z.string(), type: z.string(), model: z.string(), offline: z.boolean() }),
  components: z.array(z.object({ name: z.string(), status: componentStatusSchema, detail: z.string() })),
  workers: z.array(
    z.object({
      id: z.string(),
      hostname: z.string(),
      pid: z.number().int(),
      concurrency: z.number().int(),
      /** Sessions whose lease it holds. */
      running: z.number().int(),
      heartbeatAt: z.string(),
      alive: z.boolean(),
    }),
  ),
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
  warnings: z.array(z.object({ key: z.string(), message: z.string(), createdAt: z.string() })),
});
export type SystemOverview = z.infer<typeof systemOverviewSchema>;
