import type { AgentStep, CallPurpose } from './agent-step.ts';
import { maskNativeEvent } from './mask-native.ts';
import type { ExecutionScope } from './run-context.ts';
import { maskOf } from './run-mask.ts';
import type { insertLlmCall } from './run-writes.ts';

type Step<T extends AgentStep['type']> = Extract<AgentStep, { type: T }>;
type LlmCallTrace = Parameters<typeof insertLlmCall>[1];

/** Counts an answer in the metrics. */
export function observeAnswer(
  { context }: ExecutionScope,
  { result, startedAt }: Step<'llm_completed'>,
): void {
  const { llmCalls, llmTokens, llmDuration } = context.kernel.metrics;
  const labels = { provider: result.provider, model: result.model };
  llmCalls.inc({ ...labels, outcome: 'ok' });
  llmTokens.inc({ ...labels, direction: 'input' }, result.usage.inputTokens);
  llmTokens.inc({ ...labels, direction: 'output' }, result.usage.outputTokens);
  llmDuration.observe(labels, (Date.now() - startedAt.getTime()) / 1000);
}

const purposeOf = (step: { purpose: CallPurpose }, own: CallPurpose): CallPurpose =>
  step.purpose === 'iteration' ? own : step.purpose;

/** The trace of an answer; `uptoSeq` is the last message that the model was shown, `toolSet` names the definitions. */
export function answerTrace(
  { context, execution, purpose }: ExecutionScope,
  step: Step<'llm_completed'>,
  sent: { uptoSeq: number; toolSet: string | null },
): LlmCallTrace {
  const { masker, recorder } = context;
  const { result, calls } = step;
  return {
    sessionId: recorder.sessionId,
    executionId: execution.id,
    purpose: purposeOf(step, purpose),
    iteration: execution.iterations,
    provider: result.provider,
    model: result.model,
    startedAt: step.startedAt,
    request: { ...sent, tools: step.tools, images: step.images },
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
    costUsd: step.costUsd,
    error: null,
  };
}

/** The trace of a call that failed for good. */
export function failureTrace(
  { context, execution, purpose }: ExecutionScope,
  step: Step<'llm_failed'>,
  sent: { uptoSeq: number; toolSet: string | null },
): LlmCallTrace {
  return {
    sessionId: context.recorder.sessionId,
    executionId: execution.id,
    purpose: purposeOf(step, purpose),
    iteration: execution.iterations + 1,
    provider: step.provider,
    model: step.model,
    startedAt: step.startedAt,
    request: { ...sent, tools: step.tools, images: step.images },
    response: null,
    usage: null,
    costUsd: null,
    error: context.masker.text(step.error.safeMessage),
  };
}
