import type { ModelMessage } from 'ai';
import type { LlmProviderType } from '#src/server/config/schema.ts';
import type { CollectedResponse } from './collect-response.ts';
import type { AssistantPart } from './response-state.ts';
import type { NamedLlmProvider } from './types.ts';

/** Our own namespace in the metadata of stored parts; providers read theirs only. */
const NAMESPACE = 'tars';

/** Vertex and the Gemini API speak the same messages. */
const familyOf = (type: LlmProviderType): string => (type === 'vertex' ? 'google' : type);

/** Whether a part belongs to a tool that the provider ran itself: results of ours are in messages of their own. */
export const isNativePart = (part: AssistantPart): boolean =>
  part.type === 'tool-result' || (part.type === 'tool-call' && part.providerExecuted === true);

type ToolPart = Extract<AssistantPart, { type: 'tool-call' | 'tool-result' }>;
const hasOptions = (part: AssistantPart): part is ToolPart =>
  part.type === 'tool-call' || part.type === 'tool-result';

/** Marks what the provider's own tools left in the answer, and its reasoning, with whose they are. */
export function withOrigin(response: CollectedResponse, { type, name }: NamedLlmProvider): CollectedResponse {
  const stamp = { [NAMESPACE]: { origin: familyOf(type), provider: name } };
  return {
    ...response,
    messages: mapParts(response.messages, (parts) =>
      parts.map((part) =>
        part.type === 'reasoning' || (hasOptions(part) && isNativePart(part))
          ? { ...part, providerOptions: { ...part.providerOptions, ...stamp } }
          : part,
      ),
    ),
  };
}

/**
 * The conversation as this provider takes it: what another one's own tools left in it is dropped, since only the provider
 * that ran a tool understands its call. What the model wrote about the results stays.
 */
export function ownNativeParts(
  messages: readonly ModelMessage[],
  provider: NamedLlmProvider,
): ModelMessage[] {
  const { type } = provider;
  const isForeign = (part: AssistantPart) =>
    isNativePart(part) && (!hasOptions(part) || part.providerOptions?.[NAMESPACE]?.origin !== familyOf(type));
  return mapParts(messages, (parts) => {
    const own = parts.filter((part) => !isForeign(part));
    if (type === 'openai') return dropLeadingReasoning(dropForeignReasoning(own, provider));
    return type === 'xai' ? [...dropForeignReasoning(own, provider)] : own;
  });
}

/**
 * OpenAI and xAI encrypt reasoning for one organisation, refuse that of another, and items of an answer that has lost its
 * reasoning: what another configured provider has answered goes there as plain text and calls.
 */
function dropForeignReasoning(
  parts: readonly AssistantPart[],
  { type, name }: NamedLlmProvider,
): readonly AssistantPart[] {
  const isForeign = (part: AssistantPart) => {
    if (part.type !== 'reasoning') return false;
    const provider = part.providerOptions?.[NAMESPACE]?.provider;
    return provider !== undefined && provider !== name;
  };
  if (!parts.some(isForeign)) return parts;
  return parts
    .filter((part) => !isForeign(part))
    .map((part) => {
      if (!('providerOptions' in part) || part.providerOptions === undefined) return part;
      const { [type]: _itsIds, ...providerOptions } = part.providerOptions;
      return { ...part, providerOptions };
    });
}

/**
 * Without storage on its side OpenAI takes no code interpreter call back, and refuses a reasoning that has lost the item
 * which it led to: both are left out together.
 */
function dropLeadingReasoning(parts: readonly AssistantPart[]): AssistantPart[] {
  return parts.filter((part, index) => {
    const next = parts[index + 1];
    const leadsToCode = next?.type === 'tool-call' && next.toolName === 'code_interpreter';
    return !(part.type === 'reasoning' && leadsToCode) && !isInterpreter(part);
  });
}

const isInterpreter = (part: AssistantPart): boolean =>
  (part.type === 'tool-call' || part.type === 'tool-result') && part.toolName === 'code_interpreter';

function mapParts(
  messages: readonly ModelMessage[],
  change: (parts: readonly AssistantPart[]) => AssistantPart[],
): ModelMessage[] {
  return messages.map((message) =>
    message.role === 'assistant' && typeof message.content !== 'string'
      ? { ...message, content: change(message.content) }
      : message,
  );
}
