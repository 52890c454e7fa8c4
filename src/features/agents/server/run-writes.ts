import type { ModelMessage } from 'ai';
import type { Batch } from '#src/features/sessions/server/index.ts';
import { storable, storableJson } from '#src/lib/storable-text.ts';
import type { SecretBox } from '#src/server/crypto.ts';
import type { Transaction } from '#src/server/db/database.ts';
import { newId } from '#src/server/ids.ts';
import type { LlmUsage } from '#src/server/llm/index.ts';
import type { PlannedCall } from './agent-step.ts';
import type { RunBudget } from './run-budget.ts';

export function insertMessages(
  sql: Transaction,
  options: { sessionId: string; executionId: string; fromSeq: number; messages: readonly ModelMessage[] },
): void {
  for (const [index, message] of options.messages.entries()) {
    sql.write(
      'insert into message (execution_id, seq, session_id, role, content) values ($1, $2, $3, $4, $5)',
      [
        options.executionId,
        options.fromSeq + index,
        options.sessionId,
        message.role,
        JSON.stringify(storableJson(message)),
      ],
    );
  }
}

export function updateMessages(
  sql: Transaction,
  executionId: string,
  changed: { seq: number; message: ModelMessage }[],
): void {
  const compactedAt = new Date();
  for (const { seq, message } of changed) {
    sql.write(
      `update message set original = coalesce(original, content), content = $3, compacted_at = $4
       where execution_id = $1 and seq = $2`,
      [executionId, seq, JSON.stringify(storableJson(message)), compactedAt],
    );
  }
}

/** The calls of an answer before any of them runs: a crash from here on knows what was meant. */
export function insertPlannedCalls(
  sql: Transaction,
  options: {
    sessionId: string;
    executionId: string;
    calls: readonly PlannedCall[];
    secrets: SecretBox;
  },
): void {
  const { sessionId, executionId, calls, secrets } = options;
  for (const call of calls) {
    sql.write(
      `insert into tool_call (id, session_id, execution_id, iteration, index, call_id, wire_name, server, tool, arguments,
         arguments_sealed, read_only, status, error)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'planned', $13)`,
      [
        newId(),
        sessionId,
        executionId,
        call.iteration,
        call.index,
        call.callId,
        call.wireName,
        call.server,
        call.tool,
        JSON.stringify(call.maskedArguments),
        Buffer.from(secrets.seal(JSON.stringify(call.arguments))),
        call.readOnly,
        call.problem,
      ],
    );
  }
}

/** The trace of a model call, and what it adds to the session's usage. */
export async function insertLlmCall(
  batch: Batch,
  call: {
    sessionId: string;
    executionId: string | null;
    purpose: string;
    iteration: number;
    provider: string;
    model: string;
    startedAt: Date;
    request: unknown;
    response: unknown;
    usage: LlmUsage | null;
    costUsd: number | null;
    error: string | null;
  },
  budget: RunBudget,
): Promise<void> {
  const inputTokens = call.usage?.inputTokens ?? 0;
  const outputTokens = call.usage?.outputTokens ?? 0;
  // A call that failed has used nothing that we know of: it is no call without a price.
  const isUnpriced = call.costUsd === null && inputTokens + outputTokens > 0;
  batch.sql.write(
    `insert into llm_call (id, session_id, execution_id, kind, iteration, provider, model, request, response, input_tokens,
       output_tokens, cached_input_tokens, reasoning_tokens, cost_usd, error, started_at, duration_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
    [
      newId(),
      call.sessionId,
      call.executionId,
      call.purpose,
      call.iteration,
      call.provider,
      call.model,
      JSON.stringify(storableJson(call.request)),
      call.response === null ? null : JSON.stringify(storableJson(call.response)),
      inputTokens,
      outputTokens,
      call.usage?.cachedInputTokens ?? 0,
      call.usage?.reasoningTokens ?? 0,
      call.costUsd,
      call.error === null ? null : storable(call.error),
      call.startedAt,
      Math.max(0, Date.now() - call.startedAt.getTime()),
    ],
  );
  batch.sql.write(
    `insert into usage_day as u (session_id, day, kind, provider, model, project_id, alert_type, chain, calls, failed_calls,
       unpriced_calls, input_tokens, cached_input_tokens, output_tokens, reasoning_tokens, cost_usd)
     select id, ($6::timestamptz at time zone 'UTC')::date, $7, $8, $9, project_id, alert_type, chain, 1, $10, $5, $2, $11, $3, $12, $4
     from session where id = $1
     on conflict (session_id, day, kind, provider, model) do update set calls = u.calls + 1,
       failed_calls = u.failed_calls + excluded.failed_calls, unpriced_calls = u.unpriced_calls + excluded.unpriced_calls,
       input_tokens = u.input_tokens + excluded.input_tokens,
       cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
       output_tokens = u.output_tokens + excluded.output_tokens,
       reasoning_tokens = u.reasoning_tokens + excluded.reasoning_tokens, cost_usd = u.cost_usd + excluded.cost_usd`,
    [
      call.sessionId,
      inputTokens,
      outputTokens,
      call.costUsd ?? 0,
      isUnpriced ? 1 : 0,
      call.startedAt,
      call.purpose,
      call.provider,
      call.model,
      call.error === null ? 0 : 1,
      call.usage?.cachedInputTokens ?? 0,
      call.usage?.reasoningTokens ?? 0,
    ],
  );
  const total = batch.addUsage({
    llmCalls: 1,
    inputTokens,
    outputTokens,
    costUsd: call.costUsd ?? 0,
    unpricedCalls: isUnpriced ? 1 : 0,
  });
  const tokens = total.inputTokens + total.outputTokens;
  await budget.note(batch, { sessionId: call.sessionId, tokens, costUsd: total.costUsd });
}
