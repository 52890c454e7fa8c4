import type { JSONObject } from '@ai-sdk/provider';
import type { ModelMessage, SystemModelMessage } from 'ai';
import type { LlmProviderConfig } from '#src/server/config/schema.ts';
import type { LlmError } from './llm-error.ts';

type CallSettings = {
  reasoning?: 'provider-default' | 'none' | 'medium';
  providerOptions?: Record<string, JSONObject>;
};

/** Gemini before 2.5 refuses a thinking configuration. */
const GEMINI_THAT_THINKS = /gemini-(2\.5|[3-9]|\d{2,})/;

/**
 * The settings with which a provider shows its native thinking. OpenAI and xAI are asked to keep nothing on their
 * side (`store: false`): reasoning then comes back encrypted inside our own messages, so that a run can be resumed
 * from its rows alone. Servers that are only compatible think or do not, and stream it unasked.
 *
 * @param thinking false leaves thinking out: for models that turned out not to support it
 */
export function chooseThinkingSettings(provider: LlmProviderConfig, thinking: boolean): CallSettings {
  switch (provider.type) {
    case 'openai':
      return {
        providerOptions: { openai: { store: false, ...(thinking ? { reasoningSummary: 'auto' } : {}) } },
      };
    case 'xai':
      return { providerOptions: { xai: { store: false } } };
    case 'anthropic':
      return thinking ? { reasoning: 'medium' } : {};
    case 'google':
    case 'vertex':
      return thinking && GEMINI_THAT_THINKS.test(provider.model)
        ? { providerOptions: { google: { thinkingConfig: { includeThoughts: true } } } }
        : {};
    case 'openai-compatible':
    case 'offline':
      return {};
  }
}

/** Anthropic caches a prefix only where it is marked; the others do it by themselves. */
const CACHE_MARK = { anthropic: { cacheControl: { type: 'ephemeral' } } };

/**
 * Marks the system prompt (with the tools before it) and the end of the conversation as cacheable: each step of an
 * agent sends the whole conversation again, and cached input costs a tenth.
 */
export function markCacheable(
  provider: LlmProviderConfig,
  prompt: { system: string | undefined; messages: ModelMessage[] },
): { system: string | SystemModelMessage | undefined; messages: ModelMessage[] } {
  if (provider.type !== 'anthropic') return prompt;
  const { system, messages } = prompt;
  const last = messages.at(-1);
  return {
    system:
      system === undefined ? undefined : { role: 'system', content: system, providerOptions: CACHE_MARK },
    messages:
      last === undefined
        ? messages
        : [
            ...messages.slice(0, -1),
            { ...last, providerOptions: { ...last.providerOptions, ...CACHE_MARK } },
          ],
  };
}

/** Models that refused to think, by provider and address, so that each step of an agent does not ask again. */
const refusals = new Set<string>();
const refusalKey = ({ type, baseUrl, model }: LlmProviderConfig): string =>
  [type, baseUrl ?? '', model].join(' ');

/**
 * Whether to ask for thinking: not from a model that refused it before, and not from Anthropic in the middle of a
 * tool turn that another provider began (it wants such a turn to open with thinking of its own).
 */
export function mayThink(provider: LlmProviderConfig, messages: readonly ModelMessage[]): boolean {
  if (refusals.has(refusalKey(provider))) return false;
  return provider.type !== 'anthropic' || !isToolTurnWithoutThinking(messages);
}

function isToolTurnWithoutThinking(messages: readonly ModelMessage[]): boolean {
  const lastUser = messages.findLastIndex((message) => message.role === 'user');
  return messages.slice(lastUser + 1).some((message) => {
    if (message.role !== 'assistant' || typeof message.content === 'string') return false;
    const [first] = message.content;
    const isOwnThinking = first?.type === 'reasoning' && first.providerOptions?.anthropic !== undefined;
    return !isOwnThinking && message.content.some((part) => part.type === 'tool-call');
  });
}

const NAMES_THINKING = /thinking|reasoning/i;
const IS_ABOUT_THE_MODEL =
  /support|verified|not (available|allowed|enabled)|unknown|unrecognized|unexpected/i;

/**
 * Whether a refused request may succeed without thinking. Remembers until the process ends when it is the model that
 * refuses; that memory is bounded by the number of configured models.
 */
export function noteThinkingRefusal(provider: LlmProviderConfig, error: LlmError): boolean {
  if (error.code !== 'invalid_request' || !NAMES_THINKING.test(error.message)) return false;
  if (IS_ABOUT_THE_MODEL.test(error.message)) refusals.add(refusalKey(provider));
  return true;
}

/** The conversation without its reasoning, for compatible servers that do not take their own reasoning back. */
export function dropReasoning(messages: readonly ModelMessage[]): ModelMessage[] {
  return messages.map((message) =>
    message.role === 'assistant' && typeof message.content !== 'string'
      ? { ...message, content: message.content.filter((part) => part.type !== 'reasoning') }
      : message,
  );
}
