import type { ModelMessage } from 'ai';
import { readToolCall } from './read-tool-call.ts';
import {
  type AssistantPart,
  closeTextPart,
  type ModelCallEnd,
  openTextPart,
  type ProviderMetadata,
  type ResponseState,
  type StreamPart,
  type TextPart,
} from './response-state.ts';
import type { LlmChunk, LlmSource, LlmToolCall } from './types.ts';

/** What a part means for the reader of the stream. */
export type PartEffect = {
  chunk: LlmChunk | undefined;
  /** The model is producing: the stall timeout starts anew. */
  isOutput: boolean;
  /** The text has turned into a repetition loop; its part already ends before the loop. */
  isLooping: boolean;
};

export type CollectedResponse = {
  text: string;
  thinking: string;
  toolCalls: LlmToolCall[];
  /** The assistant message, or none when nothing is left to remember. */
  messages: ModelMessage[];
  sources: LlmSource[];
  /** Undefined when the stream ended, or was left, before the provider's own end. */
  end: ModelCallEnd | undefined;
};

const NOTHING: PartEffect = { chunk: undefined, isOutput: false, isLooping: false };
const ALIVE: PartEffect = { chunk: undefined, isOutput: true, isLooping: false };

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
    case 'source':
      if (part.sourceType === 'url') state.sources.push({ url: part.url, title: part.title });
      return NOTHING;
    case 'model-call-end':
      state.end = readEnd(part);
      return ALIVE;
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
  return { chunk, isOutput: true, isLooping: loopAt !== null };
}

function addToolCall(
  state: ResponseState,
  part: Extract<StreamPart, { type: 'tool-call' }>,
  name: string,
): void {
  // A tool that the provider ran itself is not ours to answer.
  if (part.providerExecuted === true) return;
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
