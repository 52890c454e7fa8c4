import type { ModelMessage } from 'ai';
import type { LlmProviderConfig } from '#src/server/config/schema.ts';
import { BYTES_PER_TOKEN, CONTEXT_MARGIN_RATIO, TOKENS_PER_IMAGE, TOKENS_PER_MESSAGE } from './tunables.ts';
import type { ToolSpec } from './types.ts';

/**
 * Estimated tokens of a text: UTF-8 bytes / 4, rounded up. Right within about a fifth for prose and code; dense JSON,
 * hashes and log lines run up to a third higher, which `contextBudget` and the compaction threshold leave room for.
 * Counting exactly would take each provider's tokenizer, most of which are not public.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/** Estimated tokens of a conversation. Signatures and other provider metadata are not counted. */
export function estimateMessagesTokens(messages: readonly ModelMessage[]): number {
  return messages.reduce((sum, message) => sum + estimateMessageTokens(message), 0);
}

export function estimateMessageTokens(message: ModelMessage): number {
  if (typeof message.content === 'string') return TOKENS_PER_MESSAGE + estimateTokens(message.content);
  return message.content.reduce((sum, part) => sum + estimatePartTokens(part), TOKENS_PER_MESSAGE);
}

type MessagePart = Exclude<ModelMessage['content'], string>[number];

/** An image takes what it takes, however long the text is that stands for it. */
function estimatePartTokens(part: MessagePart): number {
  if (part.type === 'file') return TOKENS_PER_IMAGE;
  if (part.type !== 'tool-result' || part.output.type !== 'content') return estimateTokens(partText(part));
  return part.output.value.reduce(
    (sum, piece) => sum + (piece.type === 'text' ? estimateTokens(piece.text) : TOKENS_PER_IMAGE),
    0,
  );
}

function partText(part: MessagePart): string {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return part.text;
    case 'tool-call':
      return part.toolName + (JSON.stringify(part.input) ?? '');
    case 'tool-result':
      return 'value' in part.output && typeof part.output.value === 'string'
        ? part.output.value
        : JSON.stringify(part.output);
    default:
      return JSON.stringify(part);
  }
}

/** Estimated tokens that the definitions of the tools take in every request. */
export function estimateToolsTokens(tools: readonly ToolSpec[]): number {
  return estimateTokens(
    JSON.stringify(tools.map(({ name, description, inputSchema }) => [name, description, inputSchema])),
  );
}

/** Tokens that system prompt, tools and conversation may take: the window less the reserved answer and a margin. */
export function contextBudget(
  provider: Pick<LlmProviderConfig, 'contextTokens' | 'maxOutputTokens'>,
): number {
  const margin = Math.ceil(provider.contextTokens * CONTEXT_MARGIN_RATIO);
  return Math.max(0, provider.contextTokens - provider.maxOutputTokens - margin);
}
