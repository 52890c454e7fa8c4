import type { AssistantModelMessage, ModelMessage } from 'ai';
import type { LlmResult, LlmUsage } from './types.ts';

/** An answer that the provider has interrupted for its own tools, and what came when it went on, as one. */
export function joinAnswers(first: LlmResult, second: LlmResult): LlmResult {
  return {
    ...second,
    text: first.text + second.text,
    thinking: [first.thinking, second.thinking].filter(Boolean).join('\n'),
    toolCalls: [...first.toolCalls, ...second.toolCalls],
    messages: joinMessages([...first.messages, ...second.messages]),
    usage: addUsage(first.usage, second.usage),
    sources: [...first.sources, ...second.sources],
    native: [...first.native, ...second.native],
    attempts: first.attempts + second.attempts,
  };
}

/** One message: the calls of a turn stand in one, and results of ours come after it. */
function joinMessages(messages: readonly ModelMessage[]): ModelMessage[] {
  const content = messages.flatMap((message): Exclude<AssistantModelMessage['content'], string> => {
    if (message.role !== 'assistant') return [];
    return typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
  });
  return content.length === 0 ? [] : [{ role: 'assistant', content }];
}

const addUsage = (a: LlmUsage, b: LlmUsage): LlmUsage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  reasoningTokens: a.reasoningTokens + b.reasoningTokens,
  cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
  cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
  estimated: a.estimated || b.estimated,
});
