import type {
  experimental_streamLanguageModelCall,
  FinishReason,
  LanguageModelUsage,
  ModelMessage,
} from 'ai';
import { createLoopWatcher } from './detect-repetition-loop.ts';
import type { NativeEvent } from './native-event.ts';
import type { LlmChunk, LlmSource, LlmToolCall } from './types.ts';

/** A part of the SDK's stream of one model call. */
export type StreamPart =
  Awaited<ReturnType<typeof experimental_streamLanguageModelCall>>['stream'] extends AsyncIterable<infer Part>
    ? Part
    : never;

export type AssistantPart = Exclude<Extract<ModelMessage, { role: 'assistant' }>['content'], string>[number];
export type TextPart = Extract<AssistantPart, { type: 'text' | 'reasoning' }>;
export type ProviderMetadata = NonNullable<Extract<StreamPart, { type: 'text-start' }>['providerMetadata']>;

/** The provider's own end of the answer. */
export type ModelCallEnd = {
  finishReason: FinishReason;
  rawFinishReason: string | undefined;
  usage: LanguageModelUsage;
  /** The provider's explanation, when it gives one. */
  finishMessage: string | undefined;
};

/** What one call has delivered so far. */
export type ResponseState = {
  /** In the order of the stream. */
  parts: AssistantPart[];
  toolCalls: LlmToolCall[];
  sources: LlmSource[];
  native: NativeEvent[];
  end: ModelCallEnd | undefined;
  /** Text and reasoning parts that may still grow, by type and id. */
  open: Map<string, { part: TextPart; findLoop: (text: string) => number | null }>;
};

export function createResponseState(): ResponseState {
  return { parts: [], toolCalls: [], sources: [], native: [], end: undefined, open: new Map() };
}

/** The growing part of this type and id, begun when it is new. */
export function openTextPart(
  state: ResponseState,
  type: TextPart['type'],
  { id, providerMetadata }: { id: string; providerMetadata?: ProviderMetadata },
): { part: TextPart; findLoop: (text: string) => number | null } {
  const key = `${type}:${id}`;
  let entry = state.open.get(key);
  if (entry === undefined) {
    entry = { part: { type, text: '' }, findLoop: createLoopWatcher() };
    state.open.set(key, entry);
    state.parts.push(entry.part);
  }
  // A later chunk of the part carries the complete metadata (a signature comes at the end).
  if (providerMetadata !== undefined) entry.part.providerOptions = providerMetadata;
  return entry;
}

/** Providers number the parts of each block anew, so an ended part must not grow again. */
export function closeTextPart(
  state: ResponseState,
  type: TextPart['type'],
  part: { id: string; providerMetadata?: ProviderMetadata },
): void {
  openTextPart(state, type, part);
  state.open.delete(`${type}:${part.id}`);
}

/** What a part means for the reader of the stream. */
export type PartEffect = {
  chunk: LlmChunk | undefined;
  /** What the provider's own tools have done, in order. */
  native: readonly NativeEvent[];
  /** The model is producing: the stall timeout starts anew. */
  isOutput: boolean;
  /** The text has turned into a repetition loop; its part already ends before the loop. */
  isLooping: boolean;
};

export const NOTHING: PartEffect = { chunk: undefined, native: [], isOutput: false, isLooping: false };
export const ALIVE: PartEffect = { ...NOTHING, isOutput: true };
