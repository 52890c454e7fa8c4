import { setTimeout as pause } from 'node:timers/promises';
import type { ModelMessage } from 'ai';
import type { NativeTool } from '#src/lib/native-tools.ts';
import {
  contextBudget,
  decideFallback,
  estimateCostUsd,
  estimateTokens,
  estimateToolsTokens,
  type LlmChunk,
  LlmError,
  type LlmResult,
  sentImages,
  splitNativeTools,
  type ToolSpec,
  takesImages,
} from '#src/server/llm/index.ts';
import { type AgentDeps, type AgentRun, ask } from './agent-run.ts';
import type { AgentStep, CallPurpose, ModelRequest } from './agent-step.ts';
import { dropImages, planCompaction } from './compact-conversation.ts';
import { composeForcedConclusion } from './compose-prompt.ts';
import { withUniqueCallIds } from './conversation.ts';
import { composeNativeTools } from './describe-native.ts';
import { maskAnswer } from './mask-answer.ts';
import { isEmptyAnswer } from './next-action.ts';
import { planCalls } from './plan-calls.ts';
import { FAILURE_PAUSE_MS, MAX_FAILURES_IN_A_ROW } from './tunables.ts';

/** One call of the model with what follows from its failure. Returns the reason when the execution cannot go on. */
export async function* askModel(
  deps: AgentDeps,
  run: AgentRun,
  purpose: CallPurpose,
): AsyncGenerator<AgentStep, string | null> {
  const specs = deps.tools.specs();
  yield* compactIfNeeded(deps, run, specs);
  const startedAt = new Date();
  run.iterationStartedAtMs = performance.now();
  const { provider } = run;
  const { usable } = splitNativeTools(provider, deps.nativeTools);
  const images = sentImages(provider, run.messages).length;
  const tools = [...specs.map((spec) => spec.name), ...usable];
  const request: ModelRequest = { purpose, startedAt, tools, specs, images };
  yield { type: 'llm_started', purpose, provider: provider.name, model: provider.model };
  let result: LlmResult;
  try {
    result = yield* streamAnswer(
      deps.callModel({
        provider,
        system: systemFor(deps, provider),
        // Providers refuse an empty turn; the nudge after it says what there is to say.
        messages: run.messages.filter((message) => !isEmptyAnswer(message)),
        // Providers want the tools' definitions as long as the conversation holds calls, even when none may be made.
        tools: specs,
        toolChoice: purpose === 'iteration' ? 'auto' : 'none',
        nativeTools: deps.nativeTools,
        signal: deps.signal,
      }),
    );
  } catch (error) {
    deps.signal.throwIfAborted();
    if (!(error instanceof LlmError)) throw error;
    yield { type: 'llm_failed', request, provider: provider.name, model: provider.model, error };
    if (error.code === 'empty') return yield* answeredNothing(run);
    if (error.code === 'invalid_request' && images > 0) return yield* leaveOutImages(run);
    return yield* afterFailure(deps, run, error);
  }
  yield* takeAnswer(deps, run, result, request);
  return null;
}

/** The tools that a provider runs itself, and what to make of the open web, are told to whoever is asked now: it may have changed. */
const systemFor = ({ system, nativeTools }: AgentDeps, provider: AgentRun['provider']): string =>
  [system, ...composeNativeTools(splitNativeTools(provider, nativeTools).usable)].join('\n\n');

/** Adds an answer to the conversation, and plans its calls. */
async function* takeAnswer(
  deps: AgentDeps,
  run: AgentRun,
  result: LlmResult,
  request: ModelRequest,
): AsyncGenerator<AgentStep, void> {
  const named = withUniqueCallIds(result.messages, run.callIds, deps.callIdSuffix);
  run.iterations += 1;
  const requested = request.purpose === 'iteration' ? result.toolCalls : [];
  const calls = planCalls({
    calls: requested.map((call, index) => ({ ...call, id: named.callIds[index] ?? call.id })),
    tools: deps.tools.list(),
    iteration: run.iterations,
    mask: deps.mask,
  });
  const messages = maskAnswer(named.messages, calls, deps.mask);
  const costUsd = estimateCostUsd(run.provider, result.usage, request.startedAt);
  yield { type: 'llm_completed', request, result, messages, calls, costUsd };
  run.messages.push(...messages);
  run.planned = calls;
  run.outcomes.push({ provider: run.provider.name, ok: true });
  run.failuresInARow = 0;
  run.overflowed = false;
  if (result.finishReason === 'loop' && request.purpose === 'iteration') {
    // What came before the loop may be half an answer.
    const why = 'The last answer repeated itself without end and was cut off.';
    yield* ask(run, composeForcedConclusion(why), why);
  }
}

/** Kept as an empty answer, so that the loop sees how many there have been, also after a resume. */
async function* answeredNothing(run: AgentRun): AsyncGenerator<AgentStep, null> {
  const message: ModelMessage = { role: 'assistant', content: '' };
  yield { type: 'answered_nothing', message };
  run.messages.push(message);
  run.iterations += 1;
  return null;
}

/** A model that cannot see, or an image that it does not take: nobody says which. Asked once more in words alone. */
async function* leaveOutImages(run: AgentRun): AsyncGenerator<AgentStep, null> {
  const changed = dropImages(run.messages);
  yield { type: 'images_refused', changed };
  for (const { index, message } of changed) run.messages[index] = message;
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

/** What the provider that is left could do by itself and the next one cannot. */
function droppedNativeTools(
  { nativeTools }: AgentDeps,
  from: AgentRun['provider'],
  to: AgentRun['provider'],
): NativeTool[] {
  const next = splitNativeTools(to, nativeTools).usable;
  return splitNativeTools(from, nativeTools).usable.filter((tool) => !next.includes(tool));
}

async function* afterFailure(
  deps: AgentDeps,
  run: AgentRun,
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
    const dropped = droppedNativeTools(deps, provider, run.provider);
    yield { type: 'fallback', decision, model: run.provider.model, message: error.safeMessage, dropped };
    return null;
  }
  const spare = deps.fallbackProviders.some(
    (name) => !run.outcomes.some((outcome) => outcome.provider === name),
  );
  // Asked again only on the way to another provider: the same one would refuse the same request.
  const refused = error.code === 'invalid_request' && !spare;
  const hopeless = error.code === 'credentials' || refused || error.retriesExhausted;
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
  run: AgentRun,
  specs: readonly ToolSpec[],
): AsyncGenerator<AgentStep, void> {
  const budgetTokens =
    contextBudget(run.provider) - estimateTokens(systemFor(deps, run.provider)) - estimateToolsTokens(specs);
  const plan = planCompaction({
    messages: run.messages,
    budgetTokens,
    outputIdOf: deps.tools.outputIdOf,
    force: run.overflowed,
    takesImages: takesImages(run.provider),
  });
  if (!plan) return;
  yield { type: 'compacted', ...plan };
  for (const { index, message } of plan.changed) run.messages[index] = message;
}
