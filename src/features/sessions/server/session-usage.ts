import type { EventBody } from '../schema.ts';

/** What a session has used, by its run and by what followed. */
export type SessionUsage = {
  llmCalls: number;
  toolCalls: number;
  inputTokens: number;
  outputTokens: number;
  costUsd: number;
  /** Calls whose price is unknown. */
  unpricedCalls: number;
};

/** The columns of `session`, in the order of `usageValues`. */
export const USAGE_COLUMNS =
  'llm_calls, tool_calls, input_tokens, output_tokens, cost_usd, unpriced_calls' as const;

export type UsageRow = {
  llm_calls: number;
  tool_calls: number;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number;
  unpriced_calls: number;
};

export const usageOfRow = (row: UsageRow): SessionUsage => ({
  llmCalls: row.llm_calls,
  toolCalls: row.tool_calls,
  inputTokens: row.input_tokens,
  outputTokens: row.output_tokens,
  costUsd: row.cost_usd,
  unpricedCalls: row.unpriced_calls,
});

export const usageValues = (usage: SessionUsage): number[] => [
  usage.llmCalls,
  usage.toolCalls,
  usage.inputTokens,
  usage.outputTokens,
  usage.costUsd,
  usage.unpricedCalls,
];

export const addUsage = (usage: SessionUsage, more: Partial<SessionUsage>): SessionUsage => ({
  llmCalls: usage.llmCalls + (more.llmCalls ?? 0),
  toolCalls: usage.toolCalls + (more.toolCalls ?? 0),
  inputTokens: usage.inputTokens + (more.inputTokens ?? 0),
  outputTokens: usage.outputTokens + (more.outputTokens ?? 0),
  costUsd: usage.costUsd + (more.costUsd ?? 0),
  unpricedCalls: usage.unpricedCalls + (more.unpricedCalls ?? 0),
});

/** Tells everybody who watches; counts of calls alone leave tokens and money out. */
export function usagePatch(before: SessionUsage, after: SessionUsage): EventBody {
  const { llmCalls, toolCalls, inputTokens, outputTokens, costUsd, unpricedCalls } = after;
  return {
    type: 'session.patch',
    payload: {
      ...(after.llmCalls === before.llmCalls
        ? {}
        : { usage: { inputTokens, outputTokens, costUsd, unpricedCalls } }),
      // `events` is the cursor of whoever folds this; the reducer sets it.
      counts: { llmCalls, toolCalls, events: 0 },
    },
  };
}
