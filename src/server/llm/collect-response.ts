import {
  type experimental_streamLanguageModelCall,
  type FinishReason,
  type LanguageModelUsage,
  type ModelMessage,
  NoSuchToolError,
} from 'ai';
import { createLoopWatcher } from './detect-repetition-loop.ts';
import { LlmError } from './llm-error.ts';
import { parseToolArguments } from './parse-tool-arguments.ts';
import type { LlmChunk, LlmSource, LlmToolCall } from './types.ts';

/** A part of the SDK's stream of one model call. */
export type StreamPart =
  Awaited<ReturnType<typeof experimental_streamLanguageModelCall>>['stream'] extends AsyncIterable<infer Part>
    ? Part
    : never;

type AssistantPart = Exclude<Extract<ModelMessage, { role: 'assistant' }>['content'], string>[number];
type TextPart = Extract<AssistantPart, { type: 'text' | 'reasoning' }>;
type ProviderMetadata = NonNullable<Extract<StreamPart, { type: 'text-start' }>['providerMetadata']>;
type ToolCallStreamPart = Extract<StreamPart, { type: 'tool-call' }>;

type ModelCallEnd = {
  finishReason: FinishReason;
  rawFinishReason: string | undefined;
  usage: LanguageModelUsage;
  /** The provider's explanation, when it gives one. */
  finishMessage: string | undefined;
};

export type CollectedResponse = {
  text: string;
  thinking: string;
  toolCalls: LlmToolCall[];
  /** The assistant message, or none when nothing is left to remember. */
  messages: ModelMessage[];
  sources: LlmSource[];
  /** Undefined when the stream was left before its end, because of a loop. */
  end: ModelCallEnd | undefined;
};

/** Folds the parts of one call into its result and says what each part means for the reader. */
export type ResponseCollector = {
  /** @throws LlmError or the provider's error for an error part */
  push(part: StreamPart): { chunk: LlmChunk | undefined; isOutput: boolean; isLooping: boolean };
  collect(): CollectedResponse;
};

const NOTHING = { chunk: undefined, isOutput: false, isLooping: false };
const ALIVE = { chunk: undefined, isOutput: true, isLooping: false };

/** @param restoreName maps a wire name back to the tool's own */
export function createResponseCollector(restoreName: (wireName: string) => string): ResponseCollector {
  const parts: AssistantPart[] = [];
  const openParts = new Map<string, TextPart>();
  const toolCalls: LlmToolCall[] = [];
  const sources: LlmSource[] = [];
  const watchers = { text: createLoopWatcher(), reasoning: createLoopWatcher() };
  let end: ModelCallEnd | undefined;

  function openPart(type: TextPart['type'], id: string, metadata: ProviderMetadata | undefined): TextPart {
    const key = `${type}:${id}`;
    const part: TextPart = openParts.get(key) ?? { type, text: '' };
    if (!openParts.has(key)) {
      openParts.set(key, part);
      parts.push(part);
    }
    // A later chunk of the part carries the complete metadata (a signature comes at the end).
    if (metadata !== undefined) part.providerOptions = metadata;
    return part;
  }

  function append(
    type: TextPart['type'],
    part: { id: string; text: string; providerMetadata?: ProviderMetadata },
  ) {
    const open = openPart(type, part.id, part.providerMetadata);
    open.text += part.text;
    if (part.text === '') return NOTHING;
    const loopAt = watchers[type](open.text);
    if (loopAt !== null) open.text = open.text.slice(0, loopAt);
    const chunk: LlmChunk = { type: type === 'text' ? 'text' : 'thinking', delta: part.text };
    return { chunk, isOutput: true, isLooping: loopAt !== null };
  }

  function addToolCall(part: ToolCallStreamPart): void {
    if (part.providerExecuted === true) return;
    const call = readToolCall(part, restoreName(part.toolName));
    toolCalls.push(call);
    parts.push({
      type: 'tool-call',
      toolCallId: call.id,
      toolName: call.name,
      input: call.arguments,
      ...(part.providerMetadata === undefined ? {} : { providerOptions: part.providerMetadata }),
    });
  }

  return {
    push(part) {
      switch (part.type) {
        case 'text-delta':
          return append('text', part);
        case 'reasoning-delta':
          return append('reasoning', part);
        case 'text-start':
          openPart('text', part.id, part.providerMetadata);
          return NOTHING;
        case 'reasoning-start':
          openPart('reasoning', part.id, part.providerMetadata);
          return NOTHING;
        case 'text-end':
        case 'reasoning-end': {
          const type = part.type === 'text-end' ? 'text' : 'reasoning';
          openPart(type, part.id, part.providerMetadata);
          // Providers number the parts of each block anew.
          openParts.delete(`${type}:${part.id}`);
          return NOTHING;
        }
        case 'tool-input-start': {
          const name = restoreName(part.toolName);
          return { ...ALIVE, chunk: { type: 'tool_call_started', id: part.id, name } };
        }
        case 'tool-call':
          addToolCall(part);
          return ALIVE;
        case 'source':
          if (part.sourceType === 'url') sources.push({ url: part.url, title: part.title });
          return NOTHING;
        case 'model-call-end':
          end = readEnd(part);
          return ALIVE;
        case 'error':
          // Tools were forbidden and the model called one all the same; the SDK has already dropped the call.
          if (part.error instanceof Error && part.error.name === 'AI_ToolChoiceViolationError')
            return NOTHING;
          throw part.error;
        case 'tool-input-delta':
        case 'ping':
          return ALIVE;
        default:
          return NOTHING;
      }
    },
    collect() {
      const content = parts.filter(isWorthKeeping);
      return {
        text: joinText(parts, 'text'),
        thinking: joinText(parts, 'reasoning'),
        toolCalls,
        messages: content.length === 0 ? [] : [toPlainJson({ role: 'assistant', content })],
        sources,
        end,
      };
    },
  };
}

function joinText(parts: readonly AssistantPart[], type: TextPart['type']): string {
  return parts.flatMap((part) => (part.type === type ? [part.text] : [])).join(type === 'text' ? '' : '\n');
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

function readEnd(part: Extract<StreamPart, { type: 'model-call-end' }>): ModelCallEnd {
  const messages = Object.values(part.providerMetadata ?? {}).map((metadata) => metadata.finishMessage);
  return {
    finishReason: part.finishReason,
    rawFinishReason: part.rawFinishReason,
    usage: part.usage,
    finishMessage: messages.find((message) => typeof message === 'string'),
  };
}

function readToolCall(part: ToolCallStreamPart, name: string): LlmToolCall {
  const input: unknown = part.input;
  const isUnknownTool = part.invalid === true && NoSuchToolError.isInstance(part.error);
  const isRawText = typeof input === 'string' && (part.invalid === true || isUnknownTool);
  const raw = isRawText ? input : (JSON.stringify(input) ?? '');
  const parsed = parseToolArguments(raw);
  const call = { id: part.toolCallId, name, arguments: parsed.arguments };
  if (parsed.form !== 'raw') return call;
  return {
    ...call,
    invalid: {
      raw,
      message: `The arguments of ${name} are not a JSON object. Call it again with one JSON object that matches its schema.`,
    },
  };
}

/**
 * What is wrong with a response that ended, or undefined. A stream that ended without the provider's own finish
 * reason was cut, whatever it has delivered so far.
 */
export function findResponseError(response: CollectedResponse): LlmError | undefined {
  const { end } = response;
  const hasAnswer = response.text.trim() !== '' || response.toolCalls.length > 0;
  if (end === undefined) return new LlmError('cut_stream', 'the stream ended before the answer was complete');
  const { finishReason, rawFinishReason, finishMessage } = end;
  const isNamed = rawFinishReason !== undefined || finishReason === 'stop' || finishReason === 'tool-calls';
  if (!isNamed && finishReason !== 'length' && finishReason !== 'content-filter') {
    // A forbidden tool call turns the SDK's reason into `error`; the text beside it is whole.
    return new LlmError('cut_stream', 'the stream ended before the answer was complete');
  }
  if (hasAnswer) return undefined;
  const why = finishMessage ?? (rawFinishReason === undefined ? '' : `finish reason ${rawFinishReason}`);
  const isFinal = finishReason === 'length' || finishReason === 'content-filter';
  return new LlmError('empty', `the model gave no answer${why === '' ? '' : `: ${why}`}`, {
    retryable: !isFinal,
  });
}
