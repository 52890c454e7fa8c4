import type { AgentStep, ModelRequest } from './agent-step.ts';
import { maskNativeEvent } from './mask-native.ts';
import type { ExecutionScope } from './run-context.ts';
import { maskOf } from './run-mask.ts';
import type { insertLlmCall } from './run-writes.ts';

type Step<T extends AgentStep['type']> = Extract<AgentStep, { type: T }>;
type LlmCallTrace = Parameters<typeof insertLlmCall>[1];

/** Counts an answer in the metrics. */
export function observeAnswer({ context }: ExecutionScope, { result, request }: Step<'llm_completed'>): void {
  const { llmCalls, llmTokens, llmDuration } = context.kernel.metrics;
  const labels = { provider: result.provider, model: result.model };
  llmCalls.inc({ ...labels, outcome: 'ok' });
  llmTokens.inc({ ...labels, direction: 'input' }, result.usage.inputTokens);
  llmTokens.inc({ ...labels, direction: 'output' }, result.usage.outputTokens);
  llmDuration.observe(labels, (Date.now() - request.startedAt.getTime()) / 1000);
}

/** `uptoSeq` is the last message that the model was shown, `toolSet` names the definitions. */
type Sent = { uptoSeq: number; toolSet: string | null };

const requestTrace = (
  { context, execution, purpose: own }: ExecutionScope,
  { purpose, startedAt, tools, images }: ModelRequest,
  sent: Sent,
) => ({
  sessionId: context.recorder.sessionId,
  executionId: execution.id,
  purpose: purpose === 'iteration' ? own : purpose,
  startedAt,
  request: { ...sent, tools, images },
});

/** The trace of an answer. */
export function answerTrace(
  scope: ExecutionScope,
  { request, result, calls, costUsd }: Step<'llm_completed'>,
  sent: Sent,
): LlmCallTrace {
  const { masker } = scope.context;
  return {
    ...requestTrace(scope, request, sent),
    iteration: scope.execution.iterations,
    provider: result.provider,
    model: result.model,
    response: {
      text: masker.text(result.text),
      thinking: masker.text(result.thinking),
      finishReason: result.finishReason,
      ...(result.native.length > 0
        ? { native: result.native.map((event) => maskNativeEvent(event, maskOf(masker))) }
        : {}),
      toolCalls: calls.map(({ callId, wireName, maskedArguments }) => ({
        id: callId,
        name: wireName,
        arguments: maskedArguments,
      })),
    },
    usage: result.usage,
    costUsd,
    error: null,
  };
}

/** The trace of a call that failed for good. */
export function failureTrace(
  scope: ExecutionScope,
  { request, provider, model, error }: Step<'llm_failed'>,
  sent: Sent,
): LlmCallTrace {
  return {
    ...requestTrace(scope, request, sent),
    iteration: scope.execution.iterations + 1,
    provider,
    model,
    response: null,
    usage: null,
    costUsd: null,
    error: scope.context.masker.text(error.safeMessage),
  };
}
