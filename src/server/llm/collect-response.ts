import type { ModelMessage } from 'ai';
import { addNativeResult, nativeCallPart, tellNative } from './collect-native.ts';
import { type NativeEvent, readGroundingEvents } from './native-event.ts';
import { readToolCall } from './read-tool-call.ts';
import {
  ALIVE,
  type AssistantPart,
  closeTextPart,
  type ModelCallEnd,
  NOTHING,
  openTextPart,
  type PartEffect,
  type ProviderMetadata,
  type ResponseState,
  type StreamPart,
  type TextPart,
} from './response-state.ts';
import type { LlmChunk, LlmSource, LlmToolCall } from './types.ts';

export type CollectedResponse = {
  text: string;
  thinking: string;
  toolCalls: LlmToolCall[];
  /** The assistant message, or none when nothing is left to remember. */
  messages: ModelMessage[];
  sources: LlmSource[];
  native: NativeEvent[];
  /** Undefined when the stream ended, or was left, before the provider's own end. */
  end: ModelCallEnd | undefined;
};

/**
 * Adds one part of the stream to the response.
 * @param restoreName maps a wire name back to the tool's own
 * @throws what an error part carries
 */
export function applyPart(
  state: ResponseState,
  part: StreamPart,
  restoreName: (wireName: string) => string,
): PartEffect {
  switch (part.type) {
    case 'text-delta':
      return appendText(state, 'text', part);
    case 'reasoning-delta':
      return appendText(state, 'reasoning', part);
    case 'text-start':
    case 'reasoning-start':
      openTextPart(state, part.type === 'text-start' ? 'text' : 'reasoning', part);
      return NOTHING;
    case 'text-end':
    case 'reasoning-end':
      closeTextPart(state, part.type === 'text-end' ? 'text' : 'reasoning', part);
      return NOTHING;
    case 'tool-input-start':
      return {
        ...ALIVE,
        chunk: { type: 'tool_call_started', id: part.id, name: restoreName(part.toolName) },
      };
    case 'tool-call':
      addToolCall(state, part, restoreName(part.toolName));
      return ALIVE;
    case 'tool-result':
    case 'tool-error':
      return addNativeResult(state, part);
    case 'source':
      if (part.sourceType === 'url') state.sources.push({ url: part.url, title: part.title });
      return NOTHING;
    case 'model-call-end':
      state.end = readEnd(part);
      return tellNative(state, readGroundingEvents(part.providerMetadata));
    case 'error':
      // Tools were forbidden and the model called one all the same; the SDK has already dropped the call.
      if (part.error instanceof Error && part.error.name === 'AI_ToolChoiceViolationError') return NOTHING;
      throw part.error;
    case 'tool-input-delta':
    case 'ping':
      return ALIVE;
    default:
      return NOTHING;
  }
}

function appendText(
  state: ResponseState,
  type: TextPart['type'],
  delta: { id: string; text: string; providerMetadata?: ProviderMetadata },
): PartEffect {
  const { part, findLoop } = openTextPart(state, type, delta);
  if (delta.text === '') return NOTHING;
  part.text += delta.text;
  const loopAt = findLoop(part.text);
  if (loopAt !== null) part.text = part.text.slice(0, loopAt);
  const chunk: LlmChunk = { type: type === 'text' ? 'text' : 'thinking', delta: delta.text };
  return { ...ALIVE, chunk, isLooping: loopAt !== null };
}

function addToolCall(
  state: ResponseState,
  part: Extract<StreamPart, { type: 'tool-call' }>,
  name: string,
): void {
  // A tool that the provider runs itself is not ours to answer, but part of what it wants back.
  if (part.providerExecuted === true) {
    state.parts.push(nativeCallPart(part));
    return;
  }
  const call = readToolCall(part, name);
  state.toolCalls.push(call);
  state.parts.push({
    type: 'tool-call',
    toolCallId: call.id,
    toolName: call.name,
    input: call.arguments,
    ...(part.providerMetadata === undefined ? {} : { providerOptions: part.providerMetadata }),
  });
}

function readEnd(part: Extract<StreamPart, { type: 'model-call-end' }>): ModelCallEnd {
  const messages = Object.values(part.providerMetadata ?? {}).map((metadata) => metadata.finishMessage);
  return {
    finishReason: part.finishReason,
    rawFinishReason: part.rawFinishReason,
    usage: part.usage,
    finishMessage: messages.find((message) => typeof message === 'string'),
  };
}

/** The response as far as it has come. */
export function collectResponse(state: ResponseState): CollectedResponse {
  const content = state.parts.filter(isWorthKeeping);
  return {
    text: joinText(state.parts, 'text', ''),
    thinking: joinText(state.parts, 'reasoning', '\n'),
    toolCalls: state.toolCalls,
    messages: content.length === 0 ? [] : [toPlainJson({ role: 'assistant', content })],
    sources: state.sources,
    native: state.native,
    end: state.end,
  };
}

function joinText(parts: readonly AssistantPart[], type: TextPart['type'], separator: string): string {
  return parts.flatMap((part) => (part.type === type && part.text !== '' ? [part.text] : [])).join(separator);
}

/** An empty text part means nothing; an empty reasoning part may carry encrypted reasoning. */
function isWorthKeeping(part: AssistantPart): boolean {
  if (part.type !== 'text' && part.type !== 'reasoning') return true;
  return part.text !== '' || part.providerOptions !== undefined;
}

/** Provider metadata may hold keys without a value, which a database row would not keep. */
function toPlainJson(message: ModelMessage): ModelMessage {
  const plain: ModelMessage = JSON.parse(JSON.stringify(message));
  return plain;
}
