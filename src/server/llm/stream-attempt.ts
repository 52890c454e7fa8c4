import { APICallError, type LanguageModelV4 } from '@ai-sdk/provider';
import { experimental_streamLanguageModelCall as streamLanguageModelCall } from 'ai';
import { findResponseError } from './check-response.ts';
import { classifyLlmError } from './classify-llm-error.ts';
import { applyPart, type CollectedResponse, collectResponse } from './collect-response.ts';
import { createCallGuard } from './guard-call.ts';
import { LlmError } from './llm-error.ts';
import { ownNativeParts, withOrigin } from './native-history.ts';
import { createNativeTools } from './native-tools.ts';
import { createResponseState } from './response-state.ts';
import { chooseThinkingSettings, dropReasoning, markCacheable } from './thinking-options.ts';
import type { CallModelOptions, LlmChunk, LlmTimeouts } from './types.ts';
import { prepareTools, toWireMessages } from './wire-tools.ts';

export type AttemptOptions = {
  call: CallModelOptions;
  model: LanguageModelV4;
  timeouts: LlmTimeouts;
  deadlineAtMs: number;
  secrets: readonly string[];
  /** Ask for native thinking. */
  thinking: boolean;
  /** The body that went out, also when the provider refused it. */
  onBody: (body: unknown) => void;
};

export type AttemptResult = { response: CollectedResponse; isLoop: boolean };

/**
 * One try of a model call: streams it, within its timeouts, and checks that the answer is whole.
 * @throws LlmError and nothing else
 */
export async function* streamAttempt(options: AttemptOptions): AsyncGenerator<LlmChunk, AttemptResult> {
  const guard = createCallGuard({
    parent: options.call.signal,
    timeouts: options.timeouts,
    deadlineAtMs: options.deadlineAtMs,
  });
  try {
    const { stream, restoreName } = await guard.race(openStream(options, guard.signal));
    const state = createResponseState();
    const parts = stream[Symbol.asyncIterator]();
    for (;;) {
      const next = await guard.race(parts.next());
      if (next.done === true) break;
      const { chunk, native, isOutput, isLooping } = applyPart(state, next.value, restoreName);
      if (chunk !== undefined || native.length > 0) guard.pauseIdle();
      if (chunk !== undefined) yield chunk;
      for (const event of native) yield { type: 'native', event };
      if (isOutput) guard.noteOutput();
      // The deadline may pass while the reader holds the chunk.
      const failure = guard.failure();
      if (failure !== undefined) throw failure;
      if (isLooping) return finishLoop(collectResponse(state));
    }
    const response = collectResponse(state);
    const error = findResponseError(response);
    if (error !== undefined) throw error;
    return { response: withOrigin(response, options.call.provider), isLoop: false };
  } catch (error) {
    throw (
      guard.failure() ?? classifyLlmError(error, { hasOutput: guard.hasOutput(), secrets: options.secrets })
    );
  } finally {
    guard.dispose();
  }
}

function finishLoop(response: CollectedResponse): AttemptResult {
  if (response.text.trim() === '') {
    throw new LlmError('loop', 'the model repeated itself without end and gave no answer');
  }
  return { response, isLoop: true };
}

async function openStream({ call, model, thinking, onBody }: AttemptOptions, signal: AbortSignal) {
  const { tools: ours, restoreName } = prepareTools(call.tools);
  const native = call.nativeTools ? await createNativeTools(call.provider, call.nativeTools) : {};
  const tools = { ...ours, ...native };
  const isReasoningUnwanted = !thinking && call.provider.type === 'openai-compatible';
  const history = isReasoningUnwanted ? dropReasoning(call.messages) : call.messages;
  const prompt = markCacheable(call.provider, {
    system: call.system,
    messages: toWireMessages(ownNativeParts(history, call.provider)),
  });
  try {
    const { stream, request } = await streamLanguageModelCall({
      model,
      ...(prompt.system === undefined ? {} : { instructions: prompt.system }),
      messages: prompt.messages,
      ...(Object.keys(tools).length === 0 ? {} : { tools }),
      toolChoice: call.toolChoice ?? 'auto',
      maxOutputTokens: call.maxOutputTokens ?? call.provider.maxOutputTokens,
      abortSignal: signal,
      ...chooseThinkingSettings(call.provider, thinking),
    });
    onBody(request?.body);
    return { stream, restoreName };
  } catch (error) {
    if (APICallError.isInstance(error)) onBody(error.requestBodyValues);
    throw error;
  }
}
