import { z } from 'zod';
import { jsonObject, time } from './schema-parts.ts';
import { toolImageSchema } from './schema-timeline.ts';

/** Of one model call; `costUsd` is null when its price is unknown, and absent where costs are not shown. */
const callUsageSchema = z.object({
  inputTokens: z.number().int(),
  /** Part of the input that came from the provider's cache. */
  cachedInputTokens: z.number().int(),
  outputTokens: z.number().int(),
  /** Part of the output. */
  reasoningTokens: z.number().int(),
  costUsd: z.number().nullable().optional(),
});

/** Why request and response are empty, in words; null while they are kept. */
const removed = z.string().nullable();

export const traceItemSchema = z.discriminatedUnion('kind', [
  z.object({
    id: z.string(),
    kind: z.literal('llm'),
    executionId: z.string().nullable(),
    startedAt: time,
    durationMs: z.number().int(),
    purpose: z.string(),
    iteration: z.number().int(),
    provider: z.string(),
    model: z.string(),
    /**
     * Masked: the messages that were sent, the names of the tools offered, and what their definitions are read by
     * (`/sessions/{id}/tool-sets/{hash}`); null without tools, and where they were not kept.
     */
    request: z.object({
      messages: z.array(z.unknown()),
      tools: z.array(z.string()),
      toolSet: z.string().nullable(),
      /** How many images of tool results went with the messages. */
      images: z.number().int(),
    }),
    /** Null or absent when the call failed. */
    response: z.unknown().optional(),
    usage: callUsageSchema,
    error: z.string().nullable(),
    removed,
  }),
  z.object({
    id: z.string(),
    kind: z.literal('tool'),
    executionId: z.string(),
    startedAt: time,
    durationMs: z.number().int(),
    server: z.string(),
    tool: z.string(),
    status: z.string(),
    request: z.object({ arguments: jsonObject }),
    response: z.object({ text: z.string() }).nullable(),
    outputUrl: z.string().nullable(),
    images: z.array(toolImageSchema),
    itemId: z.string(),
    error: z.string().nullable(),
    removed,
  }),
]);
export type TraceItem = z.infer<typeof traceItemSchema>;

/** Names a set of tools in its session. */
export const toolSetHashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'the toolSet of a model call');

/** Tools as a model was told of them; masked. */
export const toolSetSchema = z.object({
  hash: toolSetHashSchema,
  tools: z.array(z.object({ name: z.string(), description: z.string(), inputSchema: jsonObject })),
});
export type ToolSet = z.infer<typeof toolSetSchema>;
