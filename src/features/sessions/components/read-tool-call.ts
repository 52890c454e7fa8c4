import {
  type TimelineItem,
  type ToolCallData,
  type ToolSummaryData,
  toolCallDataSchema,
  toolSummaryDataSchema,
} from '../schema.ts';

const cache = new WeakMap<object, ToolCallData | null>();

/** What a `tool_call` item says; null for other items and for data of another shape. */
export function readToolCall(item: TimelineItem): ToolCallData | null {
  if (item.type !== 'tool_call') return null;
  const known = cache.get(item.data);
  if (known !== undefined) return known;
  const given = Object.fromEntries(Object.entries(item.data).filter(([, value]) => value !== null));
  const parsed = toolCallDataSchema.safeParse(given);
  const call = parsed.success ? parsed.data : null;
  cache.set(item.data, call);
  return call;
}

/** `server.tool`, as people write it. */
export const toolName = (call: Pick<ToolCallData, 'server' | 'tool'>): string =>
  call.server ? `${call.server}.${call.tool}` : call.tool;

/** What a `tool_summary` item says; null for other items and for data of another shape. */
export function readToolSummary(item: TimelineItem): ToolSummaryData | null {
  return item.type === 'tool_summary' ? (toolSummaryDataSchema.safeParse(item.data).data ?? null) : null;
}
