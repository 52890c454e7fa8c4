import { z } from 'zod';
import { jsonObject, time } from './schema-parts.ts';

export const itemTypes = [
  'thinking',
  'response',
  'tool_call',
  'tool_summary',
  'error',
  'question',
  'user_message',
  'final_analysis',
  'executive_summary',
  'task_assigned',
  'provider_fallback',
  'approval',
  'budget',
  'compaction',
  'code_execution',
  'search_result',
  'url_context',
  'skill_loaded',
  'memory_injected',
  'score',
] as const;
export const itemTypeSchema = z.enum(itemTypes);
export type ItemType = z.infer<typeof itemTypeSchema>;

export const itemStatusSchema = z.enum([
  'streaming',
  'completed',
  'failed',
  'cancelled',
  'timed_out',
  'waiting',
]);
export type ItemStatus = z.infer<typeof itemStatusSchema>;

/** An image of a tool's result, which is served at `url`. */
export const toolImageSchema = z.object({
  /** From 1, as the text of the result names it. */
  position: z.number().int(),
  mediaType: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  bytes: z.number().int(),
  /** Whether models were to see it; otherwise people alone. */
  forModels: z.boolean(),
  url: z.string(),
});
export type ToolImage = z.infer<typeof toolImageSchema>;

/** `data` of a `tool_call` item. `result` is a bounded, masked view; the whole output is at `outputUrl`. */
export const toolCallDataSchema = z.object({
  callId: z.string(),
  server: z.string(),
  tool: z.string(),
  /** The cluster it looked at, where the configuration tells. */
  cluster: z.string().optional(),
  /** Whose rights were used, at a server where people sign in for themselves. */
  actsFor: z.string().optional(),
  arguments: jsonObject,
  readOnly: z.boolean(),
  iteration: z.number().int(),
  result: z.string().optional(),
  /** Size of the whole output in bytes. */
  outputBytes: z.number().int().optional(),
  outputUrl: z.string().optional(),
  images: z.array(toolImageSchema).optional(),
  error: z.string().optional(),
  /** Why TARS did not run it: not read-only, a repeated call, an unknown tool, malformed arguments. */
  refused: z.string().optional(),
  /** What the tool last said on its progress; how far it is, where it tells. Its live output is the item's `content`. */
  progress: z.string().optional(),
  progressDone: z.number().optional(),
  progressTotal: z.number().optional(),
  durationMs: z.number().int().optional(),
});
export type ToolCallData = z.infer<typeof toolCallDataSchema>;

/** `data` of a `tool_summary` item; its text is the item's content, the whole output is at `outputUrl`. */
export const toolSummaryDataSchema = z.object({
  callId: z.string(),
  server: z.string(),
  tool: z.string(),
  originalTokens: z.number().int(),
  provider: z.string(),
  model: z.string(),
  outputBytes: z.number().int(),
  outputUrl: z.string(),
  /** Why it failed, in words. */
  error: z.string().optional(),
});
export type ToolSummaryData = z.infer<typeof toolSummaryDataSchema>;

/** One claim of a final analysis and the tool calls it rests on. */
export const evidenceLinkSchema = z.object({ callId: z.string(), itemId: z.string(), label: z.string() });
export type EvidenceLink = z.infer<typeof evidenceLinkSchema>;

export const timelineItemSchema = z.object({
  id: z.string(),
  seq: z.number().int(),
  type: itemTypeSchema,
  status: itemStatusSchema,
  stageId: z.string().nullable(),
  executionId: z.string().nullable(),
  parentExecutionId: z.string().nullable(),
  content: z.string(),
  data: jsonObject,
  startedAt: time,
  completedAt: time.nullable(),
});
export type TimelineItem = z.infer<typeof timelineItemSchema>;
