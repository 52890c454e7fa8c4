import { setTimeout as pause } from 'node:timers/promises';
import type { ModelMessage } from 'ai';
import {
  type CallModelOptions,
  type CallOutcome,
  contextBudget,
  decideFallback,
  estimateCostUsd,
  estimateTokens,
  estimateToolsTokens,
  type LlmChunk,
  LlmError,
  type LlmResult,
  type NamedLlmProvider,
  type ToolSpec,
} from '#src/server/llm/index.ts';
import type { AgentOutcome, AgentStep, CallPurpose, PlannedCall } from './agent-step.ts';
import { planCompaction } from './compact-conversation.ts';
import { composeForcedConclusion, EMPTY_ANSWER_NUDGE } from './compose-prompt.ts';
import { withUniqueCallIds } from './conversation.ts';
import { isEmptyAnswer, nextAction } from './next-action.ts';
import { planCalls } from './plan-calls.ts';
import { runTurn, type ToolRunner } from './run-turn.ts';
import { FAILURE_PAUSE_MS, MAX_FAILURES_IN_A_ROW } from './tunables.ts';

export type AgentDeps = {
  system: string;
  /** The conversation so far without the system prompt; the run goes on where it ends. */
  messages: ModelMessage[];
  /** Model answers in it. */
  iterations: number;
  maxIterations: number;
  /** Calls of the last answer that were planned before an interruption. */
  plannedCalls: PlannedCall[];
  provider: string;
  fallbackProviders: readonly string[];
  providerOf(name: string): NamedLlmProvider;
  callModel(
    options: Pick<CallModelOptions, 'provider' | 'messages' | 'system' | 'tools' | 'toolChoice' | 'signal'>,
  ): AsyncGenerator<LlmChunk, LlmResult>;
  tools: ToolRunner;
  iterationTimeoutMs: number;
  signal: AbortSignal;
};

type Run = {
  messages: ModelMessage[];
  iterations: number;
  provider: NamedLlmProvider;
  planned: PlannedCall[];
  outcomes: CallOutcome[];
  failuresInARow: number;
  /** The provider has refused the conversation as too long. */
  overflowed: boolean;
};

/** Steps per iteration at most: a call, its tools, a question, failures and a compaction. */
const STEPS_PER_ITERATION = 4 + MAX_FAILURES_IN_A_ROW;

/**
 * The agent loop: asks the model, runs the tools it wants, until it answers. A pure function of its conversation and of
 * what model and tools say: it writes nothing itself, it yields what happens, and it goes on only when that has been
 * recorded. Ends with an answer or a reason. Throws only when `signal` aborts.
 */
export async function* runAgent(deps: AgentDeps): AsyncGenerator<AgentStep, AgentOutcome> {
  const run: Run = {
    messages: [...deps.messages],
    iterations: deps.iterations,
    provider: deps.providerOf(deps.provider),
    planned: deps.plannedCalls,
    outcomes: [],
    failuresInARow: 0,
    overflowed: false,
  };
  const maxSteps = (deps.maxIterations + 2) * STEPS_PER_ITERATION;
  for (let step = 0; step < maxSteps; step += 1) {
    deps.signal.throwIfAborted();
    const next = nextAction({
      messages: run.messages,
      iterations: run.iterations,
      maxIterations: deps.maxIterations,
    });
    switch (next.action) {
      case 'finish':
        return { status: 'completed', answer: next.answer, forced: next.forced };
      case 'fail':
        return { status: 'failed', error: next.reason };
      case 'nudge':
        yield* ask(run, EMPTY_ANSWER_NUDGE, 'The answer was empty.');
        break;
      case 'conclude':
        yield* ask(run, composeForcedConclusion(next.reason), next.reason);
        break;
      case 'run_tools': {
        const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(deps.iterationTimeoutMs)]);
        const message = yield* runTurn({
          calls: run.planned,
          provider: run.provider,
          tools: deps.tools,
          signal,
          runSignal: deps.signal,
        });
        run.messages.push(message);
        run.planned = [];
        break;
      }
      case 'call':
      case 'call_without_tools': {
        const failure = yield* callOnce(
          deps,
          run,
          next.action === 'call' ? 'iteration' : 'forced_conclusion',
        );
        if (failure) return { status: 'failed', error: failure };
        break;
      }
    }
  }
  return { status: 'failed', error: `The run did not come to an end within ${maxSteps} steps.` };
}

async function* ask(run: Run, text: string, why: string): AsyncGenerator<AgentStep, void> {
  const message: ModelMessage = { role: 'user', content: text };
  yield { type: 'asked', message, why };
  run.messages.push(message);
}

/** One call of the model with what follows from its failure. Returns the reason when the execution cannot go on. */
async function* callOnce(
  deps: AgentDeps,
  run: Run,
  purpose: CallPurpose,
): AsyncGenerator<AgentStep, string | null> {
  const specs = deps.tools.specs();
  yield* compactIfNeeded(deps, run, specs);
  const startedAt = new Date();
  const { provider } = run;
  const tools = specs.map((spec) => spec.name);
  yield { type: 'llm_started', purpose, provider: provider.name, model: provider.model };
  let result: LlmResult;
  try {
    result = yield* streamAnswer(
      deps.callModel({
        provider,
        system: deps.system,
        // Providers refuse an empty turn; the nudge after it says what there is to say.
        messages: run.messages.filter((message) => !isEmptyAnswer(message)),
        // Providers want the tools' definitions as long as the conversation holds calls, even when none may be made.
        tools: specs,
        toolChoice: purpose === 'iteration' ? 'auto' : 'none',
        signal: deps.signal,
      }),
    );
  } catch (error) {
    deps.signal.throwIfAborted();
    if (!(error instanceof LlmError)) throw error;
    yield {
      type: 'llm_failed',
      purpose,
      provider: provider.name,
      model: provider.model,
      error,
      startedAt,
      tools,
    };
    if (error.code === 'empty') return yield* answeredNothing(run);
    return yield* afterFailure(deps, run, error);
  }
  const { messages, renamed } = withUniqueCallIds(run.messages, result.messages);
  run.iterations += 1;
  const calls =
    purpose === 'iteration'
      ? planCalls({
          calls: result.toolCalls.map((call) => ({ ...call, id: renamed.get(call.id) ?? call.id })),
          tools: deps.tools.list(),
          iteration: run.iterations,
        })
      : [];
  const costUsd = estimateCostUsd(provider, result.usage);
  yield { type: 'llm_completed', purpose, result, messages, calls, costUsd, startedAt, tools };
  run.messages.push(...messages);
  run.planned = calls;
  run.outcomes.push({ provider: provider.name, ok: true });
  run.failuresInARow = 0;
  run.overflowed = false;
  return null;
}

/** Kept as an empty answer, so that the loop sees how many there have been, also after a resume. */
async function* answeredNothing(run: Run): AsyncGenerator<AgentStep, null> {
  const message: ModelMessage = { role: 'assistant', content: '' };
  yield { type: 'answered_nothing', message };
  run.messages.push(message);
  run.iterations += 1;
  return null;
}

/** The stream of one call as steps of the run. */
async function* streamAnswer(
  chunks: AsyncGenerator<LlmChunk, LlmResult>,
): AsyncGenerator<AgentStep, LlmResult> {
  try {
    for (let next = await chunks.next(); ; next = await chunks.next()) {
      if (next.done) return next.value;
      const chunk = next.value;
      if (chunk.type === 'retry') yield { ...chunk, type: 'llm_retry' };
      else if (chunk.type !== 'tool_call_started') yield chunk;
    }
  } finally {
    // Ends the request when the consumer stops in the middle.
    await chunks[Symbol.asyncDispose]();
  }
}

async function* afterFailure(
  deps: AgentDeps,
  run: Run,
  error: LlmError,
): AsyncGenerator<AgentStep, string | null> {
  const { provider } = run;
  run.failuresInARow += 1;
  run.outcomes.push({
    provider: provider.name,
    ok: false,
    code: error.code,
    retriesExhausted: error.retriesExhausted,
  });
  const decision = decideFallback({
    current: provider.name,
    fallbacks: deps.fallbackProviders,
    outcomes: run.outcomes,
  });
  if (decision) {
    run.provider = deps.providerOf(decision.to);
    run.failuresInARow = 0;
    yield { type: 'fallback', decision, model: run.provider.model, message: error.safeMessage };
    return null;
  }
  const hopeless = error.code === 'credentials' || error.code === 'invalid_request' || error.retriesExhausted;
  const overflowAgain = error.code === 'context_overflow' && run.overflowed;
  if (hopeless || overflowAgain || run.failuresInARow >= MAX_FAILURES_IN_A_ROW) {
    return `The model "${provider.model}" of provider "${provider.name}" failed: ${error.safeMessage}`;
  }
  run.overflowed = error.code === 'context_overflow';
  if (!run.overflowed) await pause(FAILURE_PAUSE_MS, undefined, { signal: deps.signal });
  return null;
}

async function* compactIfNeeded(
  deps: AgentDeps,
  run: Run,
  specs: readonly ToolSpec[],
): AsyncGenerator<AgentStep, void> {
  const budgetTokens = contextBudget(run.provider) - estimateTokens(deps.system) - estimateToolsTokens(specs);
  const plan = planCompaction({
    messages: run.messages,
    budgetTokens,
    outputIdOf: deps.tools.outputIdOf,
    force: run.overflowed,
  });
  if (!plan) return;
  yield { type: 'compacted', ...plan };
  for (const { index, message } of plan.changed) run.messages[index] = message;
}
