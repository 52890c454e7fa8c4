import { requestPause } from '#src/features/approvals/server/index.ts';
import type { Batch } from '#src/features/sessions/server/index.ts';
import type { AgentStep } from './agent-step.ts';
import type { ExecutionScope } from './run-context.ts';
import { maskOf } from './run-mask.ts';

/** Asks people whether an execution may go on: with how far it has come, and what that has cost. */
export async function recordPause(
  batch: Batch,
  { context, execution, place }: ExecutionScope,
  { found, toolCalls, more }: Extract<AgentStep, { type: 'pause_requested' }>,
): Promise<string> {
  const { kernel, masker, recorder } = context;
  const { iterations } = execution;
  const { rows } = await batch.sql.query<{ tokens: number; cost_usd: number; unpriced: number }>(
    `select coalesce(sum(input_tokens + output_tokens), 0)::int as tokens, coalesce(sum(cost_usd), 0) as cost_usd,
       (count(*) filter (where cost_usd is null and input_tokens + output_tokens > 0))::int as unpriced
     from llm_call where execution_id = $1`,
    [execution.id],
  );
  const used = rows[0];
  return requestPause(batch, {
    sessionId: recorder.sessionId,
    place,
    why: `It has used its ${iterations} iterations and has no answer yet.`,
    facts: {
      iterations,
      more,
      toolCalls,
      tokens: used?.tokens ?? 0,
      costUsd: used?.cost_usd ?? 0,
      unpricedCalls: used?.unpriced ?? 0,
      found: maskOf(masker).text(found),
    },
    expiresAfterMs: kernel.config.current().approval.expiresAfter,
  });
}
