import { z } from 'zod';
import type { Sql } from '#src/server/db/database.ts';
import type { TraceItem } from '../../schema.ts';

export type LlmCallRow = {
  id: string;
  execution_id: string | null;
  kind: string;
  iteration: number;
  provider: string;
  model: string;
  request: unknown;
  response: unknown;
  input_tokens: number;
  output_tokens: number;
  cached_input_tokens: number;
  reasoning_tokens: number;
  cost_usd: number | null;
  error: string | null;
  started_at: Date;
  duration_ms: number;
  logs_removed_at: Date | null;
};

/**
 * What `llm_call.request` records. The conversation itself stands once, in `message`; a call names how far into it
 * the model was shown. Calls outside a conversation (the executive summary) carry their messages.
 */
const requestSchema = z.object({
  uptoSeq: z.number().int().optional().catch(undefined),
  tools: z.array(z.string()).catch([]),
  toolSet: z.string().nullable().default(null).catch(null),
  images: z.number().int().catch(0),
  system: z.string().optional().catch(undefined),
  messages: z.array(z.unknown()).optional().catch(undefined),
});

const NOTHING = { tools: [], toolSet: null, images: 0 };

/** `original` is what the model was sent before the message was shortened at `compacted_at`. */
type Message = { seq: number; content: unknown; original: unknown; compacted_at: Date | null };
/** Messages in order, by execution. */
export type ExecutionMessages = ReadonlyMap<string, readonly Message[]>;

type MessageRow = Message & { execution_id: string };

/** The conversations that the calls were part of, each as far as the latest of these calls saw it. */
export async function readMessages(sql: Sql, calls: readonly LlmCallRow[]): Promise<ExecutionMessages> {
  const upto = new Map<string, number>();
  for (const call of calls) {
    const { uptoSeq } = requestSchema.catch(NOTHING).parse(call.request);
    if (call.execution_id === null || uptoSeq === undefined) continue;
    upto.set(call.execution_id, Math.max(uptoSeq, upto.get(call.execution_id) ?? 0));
  }
  const byExecution = new Map<string, Message[]>();
  if (upto.size === 0) return byExecution;
  const { rows } = await sql.query<MessageRow>(
    `select m.execution_id, m.seq, m.content, m.original, m.compacted_at
     from unnest($1::uuid[], $2::int[]) as wanted (execution_id, upto)
     join message m on m.execution_id = wanted.execution_id and m.seq <= wanted.upto
     order by m.execution_id, m.seq`,
    [[...upto.keys()], [...upto.values()]],
  );
  for (const row of rows) {
    const list = byExecution.get(row.execution_id) ?? [];
    list.push(row);
    byExecution.set(row.execution_id, list);
  }
  return byExecution;
}

const contentAt = ({ content, original, compacted_at }: Message, at: Date): unknown =>
  compacted_at !== null && at < compacted_at ? original : content;

/** `removedNote` is what stands in the place of payloads that are gone. */
export function llmTraceItem(
  row: LlmCallRow,
  conversations: ExecutionMessages,
  removedNote: string,
): TraceItem {
  const request = requestSchema.catch(NOTHING).parse(row.request);
  const { uptoSeq = 0 } = request;
  const conversation = row.execution_id === null ? [] : (conversations.get(row.execution_id) ?? []);
  const messages = [
    ...(request.system === undefined ? [] : [{ role: 'system', content: request.system }]),
    ...(request.messages ??
      conversation
        .filter((message) => message.seq <= uptoSeq)
        .map((message) => contentAt(message, row.started_at))),
  ];
  return {
    id: row.id,
    kind: 'llm',
    executionId: row.execution_id,
    startedAt: row.started_at.toISOString(),
    durationMs: row.duration_ms,
    purpose: row.kind,
    iteration: row.iteration,
    provider: row.provider,
    model: row.model,
    request: { messages, tools: request.tools, toolSet: request.toolSet, images: request.images },
    response: row.response,
    usage: {
      inputTokens: row.input_tokens,
      cachedInputTokens: row.cached_input_tokens,
      outputTokens: row.output_tokens,
      reasoningTokens: row.reasoning_tokens,
      costUsd: row.cost_usd,
    },
    error: row.error,
    removed: row.logs_removed_at && removedNote,
  };
}
