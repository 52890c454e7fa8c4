import { type NativeEvent, readNativeEvent } from './native-event.ts';
import {
  ALIVE,
  type AssistantPart,
  NOTHING,
  type PartEffect,
  type ResponseState,
  type StreamPart,
} from './response-state.ts';

type CallPart = Extract<StreamPart, { type: 'tool-call' }>;
type ResultPart = Extract<StreamPart, { type: 'tool-result' | 'tool-error' }>;
type JsonValue = Extract<
  Extract<AssistantPart, { type: 'tool-result' }>['output'],
  { type: 'json' }
>['value'];

/** A call of a provider's own tool as it goes back to that provider with the next request. */
export function nativeCallPart(part: CallPart): AssistantPart {
  return {
    type: 'tool-call',
    toolCallId: part.toolCallId,
    toolName: part.toolName,
    input: part.input,
    providerExecuted: true,
    ...(part.providerMetadata === undefined ? {} : { providerOptions: part.providerMetadata }),
  };
}

/** Adds the result of a provider's own tool; errors about tools of ours are not of this kind. */
export function addNativeResult(state: ResponseState, part: ResultPart): PartEffect {
  if (part.providerExecuted !== true) return NOTHING;
  const failed = part.type === 'tool-error';
  const value = toJson(failed ? part.error : part.output);
  state.parts.push({
    type: 'tool-result',
    toolCallId: part.toolCallId,
    toolName: part.toolName,
    output: { type: failed ? 'error-json' : 'json', value },
    ...(part.providerMetadata === undefined ? {} : { providerOptions: part.providerMetadata }),
  });
  const event = readNativeEvent({ name: part.toolName, input: part.input, output: value, failed });
  return tellNative(state, event ? [event] : []);
}

export function tellNative(state: ResponseState, events: readonly NativeEvent[]): PartEffect {
  state.native.push(...events);
  return { ...ALIVE, native: events };
}

const toJson = (value: unknown): JsonValue => {
  const plain: JsonValue = JSON.parse(JSON.stringify(value ?? null));
  return plain;
};
