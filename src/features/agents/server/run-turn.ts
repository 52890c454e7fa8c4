import type { ToolModelMessage } from 'ai';
import type { Ruling } from '#src/features/approvals/server/index.ts';
import { mergeGenerators } from '#src/lib/merge-generators.ts';
import type { NamedLlmProvider, ToolSpec } from '#src/server/llm/index.ts';
import type { McpTool } from '#src/server/mcp/index.ts';
import type { AgentStep, PlannedCall, ToolEnd } from './agent-step.ts';
import { callKey, toolResultsMessage } from './conversation.ts';
import { resultBudgetTokens } from './spill-output.ts';
import { type LiveSink, streamLiveOutput } from './stream-live-output.ts';
import { MAX_PARALLEL_TOOL_CALLS } from './tunables.ts';

/** The tools of one execution as the loop sees them. */
export interface ToolRunner {
  list(): readonly McpTool[];
  specs(): ToolSpec[];
  /**
   * How a call has ended, perhaps before an interruption; `unknown_outcome` when it was cut off and may have changed
   * something.
   */
  endedBefore(call: PlannedCall): ToolEnd | 'unknown_outcome' | null;
  /** The result of a completed call with the same tool and arguments that still stands. */
  earlierResult(key: string, call: PlannedCall): { callId: string; view: string } | undefined;
  /** Whether the call may be made, by policy and by what people have decided. */
  ruling(call: PlannedCall): Promise<Ruling>;
  /** Makes the call. Never throws: failures are ends, too. */
  run(
    call: PlannedCall,
    options: {
      budgetTokens: number;
      /** A longer result is to be summarised. */
      summariseAboveTokens: number | null;
      signal: AbortSignal;
      live: LiveSink;
    },
  ): Promise<ToolEnd>;
  remember(key: string, call: PlannedCall, end: ToolEnd): void;
  outputIdOf(callId: string): string | undefined;
  /** What servers offer may have changed meanwhile. */
  reload(): Promise<void>;
}

/** The long results of one turn, summarised. */
export type OutputSummaries = {
  /** Tokens above which the result of this call is summarised, or null. */
  aboveTokens(call: PlannedCall): number | null;
  /** The end with a summary as its view, where one is due; the same end otherwise. Never fails: see `ToolEnd.summary`. */
  summarise(call: PlannedCall, end: ToolEnd): AsyncGenerator<AgentStep, ToolEnd>;
};

/**
 * Runs the calls of one answer side by side and returns their results as one message, in the model's order; null when some
 * of them wait for people, while the others have been made. What was done before is not done again, unless it was cut off
 * and only reads.
 */
export async function* runTurn(options: {
  calls: readonly PlannedCall[];
  provider: NamedLlmProvider;
  tools: ToolRunner;
  summaries: OutputSummaries;
  /** Ends the calls when the iteration takes too long. */
  signal: AbortSignal;
  /** Ends the whole run. */
  runSignal: AbortSignal;
}): AsyncGenerator<AgentStep, ToolModelMessage | null> {
  const { calls, provider, tools, summaries, signal, runSignal } = options;
  const budgetTokens = resultBudgetTokens(provider, Math.max(1, calls.length));
  const firstOfKey = new Map<string, PlannedCall>();
  for (const call of calls) {
    const key = callKey(call);
    if (!firstOfKey.has(key)) firstOfKey.set(key, call);
  }
  const ends = yield* mergeGenerators(
    calls.map((call) => () => {
      const first = firstOfKey.get(callKey(call));
      const twin = first === call ? null : (first ?? null);
      return runCall({ call, twin, tools, summaries, budgetTokens, signal, runSignal });
    }),
    MAX_PARALLEL_TOOL_CALLS,
  );
  runSignal.throwIfAborted();
  if (ends.includes('waiting')) return null;
  const message = toolResultsMessage(
    calls.map((call, index) => {
      const end = ends[index];
      const made = end === 'waiting' ? undefined : end;
      return {
        callId: call.callId,
        wireName: call.wireName,
        text: made?.view ?? '',
        failed: made?.status !== 'completed',
        images: made?.images,
      };
    }),
  );
  yield { type: 'turn_ended', message };
  return message;
}

async function* runCall(options: {
  call: PlannedCall;
  /** An equal call earlier in the same turn. */
  twin: PlannedCall | null;
  tools: ToolRunner;
  summaries: OutputSummaries;
  budgetTokens: number;
  signal: AbortSignal;
  runSignal: AbortSignal;
}): AsyncGenerator<AgentStep, ToolEnd | 'waiting'> {
  const { call, twin, tools, summaries, budgetTokens, signal, runSignal } = options;
  const before = tools.endedBefore(call);
  // Made, and perhaps cut off while its output was being summarised.
  if (before && before !== 'unknown_outcome') return yield* summaries.summarise(call, before);
  const key = callKey(call);
  let known = before === 'unknown_outcome' ? unknownOutcome() : whyNot(call, twin, tools, key);
  if (!known) {
    const ruling = await tools.ruling(call);
    switch (ruling.action) {
      case 'ask':
        yield { type: 'approval_requested', call, kind: ruling.kind, why: ruling.why };
        return 'waiting';
      case 'wait':
        return 'waiting';
      case 'refuse':
        known = withoutRun('refused', ruling.view);
        break;
      case 'answer':
        known = { ...withoutRun('completed', ruling.view), error: null };
        break;
      case 'run':
        break;
    }
  }
  yield { type: 'tool_started', call };
  if (known) {
    yield { type: 'tool_ended', call, end: known };
    tools.remember(key, call, known);
    return known;
  }
  const summariseAboveTokens = summaries.aboveTokens(call);
  const end = yield* streamLiveOutput(call, (live) =>
    tools.run(call, { budgetTokens, summariseAboveTokens, signal, live }),
  );
  // Cut off with the run: no end of the call. Whoever goes on decides as after a crash, by whether it only reads.
  if (end.status === 'cancelled') runSignal.throwIfAborted();
  yield { type: 'tool_ended', call, end };
  const seen = yield* summaries.summarise(call, end);
  tools.remember(key, call, seen);
  return seen;
}

const withoutRun = (status: 'refused' | 'unknown' | 'completed', view: string): ToolEnd => ({
  status,
  view,
  output: null,
  outputBytes: 0,
  durationMs: 0,
  error: view,
});

const unknownOutcome = (): ToolEnd =>
  withoutRun(
    'unknown',
    'The run was interrupted during this call. Whether it took effect is unknown; it was not repeated, since it is not read-only. Check the state before you go on.',
  );

function whyNot(call: PlannedCall, twin: PlannedCall | null, tools: ToolRunner, key: string): ToolEnd | null {
  if (call.problem) return withoutRun('refused', call.problem);
  if (twin)
    return withoutRun('refused', `The same call was made in this turn; see the result of ${twin.callId}.`);
  const earlier = tools.earlierResult(key, call);
  if (!earlier) return null;
  return withoutRun(
    'refused',
    `You have made this exact call before (${earlier.callId}); its result was:\n\n${earlier.view}`,
  );
}
