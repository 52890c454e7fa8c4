import { setTimeout as sleep } from 'node:timers/promises';
import type { LanguageModelUsage } from 'ai';
import { computeRetryDelayMs } from './compute-retry-delay.ts';
import { createModel, listSecrets } from './create-model.ts';
import { joinAnswers } from './join-answers.ts';
import { LlmError } from './llm-error.ts';
import { type AttemptResult, streamAttempt } from './stream-attempt.ts';
import { mayThink, noteThinkingRefusal } from './thinking-options.ts';
import { estimateMessagesTokens, estimateTokens, estimateToolsTokens } from './tokens.ts';
import {
  CALL_TIMEOUT_MS,
  EMPTY_ANSWER_RETRIES,
  FIRST_CHUNK_TIMEOUT_MS,
  MAX_PAUSES,
  MAX_RETRIES,
  RETRY_AFTER_MAX_MS,
  RETRY_BASE_DELAY_MS,
  RETRY_MAX_DELAY_MS,
  STALL_TIMEOUT_MS,
} from './tunables.ts';
import type { CallModelOptions, LlmChunk, LlmResult, LlmTimeouts, LlmUsage, RetryPolicy } from './types.ts';

const defaultTimeouts: LlmTimeouts = {
  firstChunkMs: FIRST_CHUNK_TIMEOUT_MS,
  stallMs: STALL_TIMEOUT_MS,
  totalMs: CALL_TIMEOUT_MS,
};
const defaultRetry: RetryPolicy = {
  maxRetries: MAX_RETRIES,
  baseDelayMs: RETRY_BASE_DELAY_MS,
  maxDelayMs: RETRY_MAX_DELAY_MS,
  retryAfterMaxMs: RETRY_AFTER_MAX_MS,
};

/**
 * The only way to a model: one step, streamed. Yields text, thinking and the start of tool calls as they come; returns
 * the whole answer. Tools are never run here. Failures that a repeat can mend are repeated within the call's deadline;
 * a `retry` chunk then voids what was yielded before it.
 *
 * @throws LlmError, `aborted` promptly when `signal` aborts
 */
export async function* callModel(options: CallModelOptions): AsyncGenerator<LlmChunk, LlmResult> {
  const totalMs = options.timeouts?.totalMs ?? defaultTimeouts.totalMs;
  const deadlineAtMs = Date.now() + totalMs;
  let result = yield* answerOnce(options, deadlineAtMs);
  for (let pauses = 0; result.finishReason === PAUSED && pauses < MAX_PAUSES; pauses += 1) {
    const messages = [...options.messages, ...result.messages];
    result = joinAnswers(result, yield* answerOnce({ ...options, messages }, deadlineAtMs));
  }
  return result;
}

/** A provider that runs tools of its own for long interrupts the answer, and goes on when it is sent back as it is. */
const PAUSED = 'pause_turn';

async function* answerOnce(
  options: CallModelOptions,
  deadlineAtMs: number,
): AsyncGenerator<LlmChunk, LlmResult> {
  const { provider, env = {} } = options;
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const policy = { ...defaultRetry, ...options.retry };
  const model = await createModel(provider, env);
  const secrets = listSecrets(provider, env);
  let thinking = mayThink(provider, options.messages);
  let retries = 0;

  for (let attempt = 1; ; attempt += 1) {
    const onBody = (body: unknown): void =>
      options.onRequest?.({ attempt, provider: provider.name, model: provider.model, body });
    try {
      const result = yield* streamAttempt({
        call: options,
        model,
        timeouts,
        deadlineAtMs,
        secrets,
        thinking,
        onBody,
      });
      return toResult(options, result, attempt);
    } catch (cause) {
      const error = toLlmError(cause);
      error.attempts = attempt;
      if (thinking && noteThinkingRefusal(provider, error)) {
        // Not a failure of the provider: the model has no native thinking, or not for us. Ask once more without.
        thinking = false;
        yield { type: 'retry', attempt, error, delayMs: 0 };
        continue;
      }
      retries += 1;
      const delayMs = decideRetry({ error, retries, policy, deadlineAtMs });
      if (delayMs === null) {
        error.retriesExhausted = error.retryable;
        throw error;
      }
      yield { type: 'retry', attempt, error, delayMs };
      await pause(delayMs, options.signal);
    }
  }
}

/** @returns the pause before the next try, or null when there is none */
function decideRetry(options: {
  error: LlmError;
  retries: number;
  policy: RetryPolicy;
  deadlineAtMs: number;
}): number | null {
  const { error, retries, policy, deadlineAtMs } = options;
  const allowed =
    error.code === 'empty' ? Math.min(EMPTY_ANSWER_RETRIES, policy.maxRetries) : policy.maxRetries;
  if (!error.retryable || retries > allowed) return null;
  const delayMs = computeRetryDelayMs({
    attempt: retries,
    retryAfterMs: error.retryAfterMs,
    policy,
    random: Math.random(),
  });
  return delayMs === null || Date.now() + delayMs >= deadlineAtMs ? null : delayMs;
}

function toLlmError(error: unknown): LlmError {
  return error instanceof LlmError
    ? error
    : new LlmError('server_error', 'the model call failed', { cause: error });
}

async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(delayMs, undefined, { signal });
  } catch (cause) {
    throw new LlmError('aborted', 'the call was cancelled', { cause });
  }
}

function toResult(
  options: CallModelOptions,
  { response, isLoop }: AttemptResult,
  attempts: number,
): LlmResult {
  const { text, thinking, toolCalls, messages, sources, native, end } = response;
  return {
    text,
    thinking,
    // A call that the loop interrupted is incomplete.
    toolCalls: isLoop ? [] : toolCalls,
    messages: isLoop ? [{ role: 'assistant', content: text }] : messages,
    usage: readUsage(
      options,
      end?.usage,
      text + thinking + toolCalls.map((call) => JSON.stringify(call)).join(''),
    ),
    finishReason: isLoop ? 'loop' : readFinishReason(end),
    provider: options.provider.name,
    model: options.provider.model,
    sources,
    native,
    attempts,
  };
}

const readFinishReason = (end: AttemptResult['response']['end']): string =>
  end?.rawFinishReason === PAUSED ? PAUSED : (end?.finishReason ?? 'unknown');

/** Some compatible servers report nothing, and an interrupted stream never does: budgets still have to count. */
function readUsage(
  options: CallModelOptions,
  usage: LanguageModelUsage | undefined,
  output: string,
): LlmUsage {
  const inputTokens = usage?.inputTokens ?? 0;
  const outputTokens = usage?.outputTokens ?? 0;
  if (inputTokens + outputTokens > 0) {
    return {
      inputTokens,
      outputTokens,
      reasoningTokens: usage?.outputTokenDetails.reasoningTokens ?? 0,
      cachedInputTokens: usage?.inputTokenDetails.cacheReadTokens ?? 0,
      cacheWriteTokens: usage?.inputTokenDetails.cacheWriteTokens ?? 0,
      estimated: false,
    };
  }
  return {
    inputTokens:
      estimateTokens(options.system ?? '') +
      estimateToolsTokens(options.tools) +
      estimateMessagesTokens(options.messages),
    outputTokens: estimateTokens(output),
    reasoningTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    estimated: true,
  };
}
