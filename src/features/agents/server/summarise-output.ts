import { errorMessage } from '#src/server/errors.ts';
import {
  contextBudget,
  estimateCostUsd,
  estimateTokens,
  type LlmChunk,
  LlmError,
  type LlmResult,
  type NamedLlmProvider,
} from '#src/server/llm/index.ts';
import type { AgentDeps, AgentRun } from './agent-run.ts';
import type { AgentStep, PlannedCall, SummaryAttempt, ToolEnd } from './agent-step.ts';
import { boundInput, composeOutputSummary, questionOf } from './compose-output-summary.ts';
import type { SummaryPlan } from './plan-summary.ts';
import type { OutputSummaries } from './run-turn.ts';
import { resultBudgetTokens, viewFailedSummary, viewSummary } from './spill-output.ts';
import { SUMMARY_INPUT_MAX_TOKENS, SUMMARY_PROMPT_TOKENS, SUMMARY_THINKING_TOKENS } from './tunables.ts';

/** `signal` ends the turn's work; a summary that has no time left is a failed one. */
export function createOutputSummaries(deps: AgentDeps, run: AgentRun, signal: AbortSignal): OutputSummaries {
  const planFor = (call: PlannedCall) => deps.summaries.planFor(call.server, run.provider.name);
  const waitForTurn = deps.summaries.oneByOne ? createTurns() : async () => () => undefined;
  return {
    aboveTokens: (call) => planFor(call)?.thresholdTokens ?? null,
    async *summarise(call, end) {
      if (end.summary !== 'pending') return end;
      const plan = planFor(call);
      const output = end.output && (end.output.text || (await deps.summaries.loadOutput(end.output.id)));
      if (!plan || !end.output || !output) {
        return yield* giveUp(call, end, plan ? 'The output is gone.' : 'It is not configured any more.');
      }
      const source = { id: end.output.id, text: output };
      // However long a summary may be by configuration, it is a result of this turn like the others.
      const maxTokens = Math.min(plan.maxTokens, resultBudgetTokens(run.provider, run.planned.length || 1));
      const passOn = await waitForTurn();
      try {
        return yield* tryProviders({ deps, run, signal, plan: { ...plan, maxTokens }, call, end, source });
      } finally {
        passOn();
      }
    },
  };
}

/** A place in a line: resolves when all who came before have passed on. */
function createTurns(): () => Promise<() => void> {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = promise;
    await before;
    return resolve;
  };
}

async function* tryProviders(options: Omit<Try, 'name'>): AsyncGenerator<AgentStep, ToolEnd> {
  const { deps, signal, plan, call, end } = options;
  let reason = '';
  for (const name of plan.providers) {
    const stop = deps.exceededBudget();
    if (stop) return yield* giveUp(call, end, stop.reason);
    const outcome = yield* tryProvider({ ...options, name });
    if (typeof outcome !== 'string') return outcome;
    reason = outcome;
    deps.signal.throwIfAborted();
    if (signal.aborted) break;
  }
  return yield* giveUp(call, end, reason);
}

type Try = {
  deps: AgentDeps;
  run: AgentRun;
  signal: AbortSignal;
  plan: SummaryPlan;
  call: PlannedCall;
  end: ToolEnd;
  source: { id: string; text: string };
  name: string;
};

/** One provider's try; its reason, in words, when it fails. */
async function* tryProvider(options: Try): AsyncGenerator<AgentStep, ToolEnd | string> {
  const { deps, signal, plan, call, end, source } = options;
  const provider = deps.providerOf(options.name);
  const { attempt, prompt } = prepare(options, provider);
  yield { type: 'summary_started', attempt };
  try {
    const result = yield* streamSummary(
      attempt,
      deps.callModel({
        provider,
        system: prompt.system,
        messages: [{ role: 'user', content: prompt.user }],
        tools: [],
        maxOutputTokens: Math.min(provider.maxOutputTokens, plan.maxTokens + SUMMARY_THINKING_TOKENS),
        signal,
      }),
    );
    const costUsd = estimateCostUsd(provider, result.usage, attempt.startedAt);
    const text = deps.mask.text(result.text.trim());
    if (text === '') {
      const error = 'The model answered nothing.';
      yield { type: 'summary_failed', attempt, code: 'empty', error, result, costUsd };
      return error;
    }
    const { originalTokens } = attempt;
    const facts = { summary: text, model: provider.model, originalTokens, maxTokens: plan.maxTokens };
    const summarised: ToolEnd = {
      ...end,
      view: viewSummary({ ...facts, outputId: source.id }),
      summary: 'completed',
    };
    yield { type: 'summary_ended', call, end: summarised, answer: { attempt, text, result, costUsd } };
    return summarised;
  } catch (error) {
    deps.signal.throwIfAborted();
    if (!(error instanceof LlmError)) throw error;
    const reason = `${provider.model}: ${deps.mask.text(errorMessage(error))}`;
    const { code } = error;
    yield { type: 'summary_failed', attempt, code, error: reason, result: null, costUsd: null };
    return reason;
  }
}

function prepare({ run, plan, call, end, source }: Try, provider: NamedLlmProvider) {
  const room = contextBudget(provider) - SUMMARY_PROMPT_TOKENS;
  const input = boundInput(source.text, Math.max(0, Math.min(SUMMARY_INPUT_MAX_TOKENS, room)));
  const facts = { question: questionOf(run.messages), call, maxTokens: plan.maxTokens };
  const prompt = composeOutputSummary({ ...facts, output: input });
  const attempt: SummaryAttempt = {
    call,
    outputId: source.id,
    outputBytes: end.outputBytes,
    originalTokens: estimateTokens(source.text),
    provider: provider.name,
    model: provider.model,
    startedAt: new Date(),
    // The output itself is kept already; the trace names it.
    prompt: composeOutputSummary({
      ...facts,
      output: `[${input.length} of ${source.text.length} characters of the kept output ${source.id}]`,
    }),
  };
  return { attempt, prompt };
}

async function* streamSummary(
  attempt: SummaryAttempt,
  chunks: AsyncGenerator<LlmChunk, LlmResult>,
): AsyncGenerator<AgentStep, LlmResult> {
  try {
    for (let next = await chunks.next(); ; next = await chunks.next()) {
      if (next.done) return next.value;
      const chunk = next.value;
      if (chunk.type === 'text') yield { type: 'summary_text', attempt, delta: chunk.delta };
      else if (chunk.type === 'retry')
        yield { type: 'summary_retried', attempt, error: chunk.error.safeMessage };
    }
  } finally {
    await chunks[Symbol.asyncDispose]();
  }
}

/** Without a summary the model reads begin and end, never the whole. */
async function* giveUp(call: PlannedCall, end: ToolEnd, reason: string): AsyncGenerator<AgentStep, ToolEnd> {
  const failed: ToolEnd = { ...end, view: viewFailedSummary(end.view, reason), summary: 'failed' };
  yield { type: 'summary_ended', call, end: failed, answer: null };
  return failed;
}
