import type { ModelMessage, ToolModelMessage } from 'ai';
import { estimateMessagesTokens, estimateMessageTokens } from '#src/server/llm/index.ts';
import { COMPACT_AT_SHARE, COMPACT_KEEP_LAST, COMPACT_TO_SHARE } from './tunables.ts';

export type Compaction = {
  changed: { index: number; message: ModelMessage }[];
  beforeTokens: number;
  afterTokens: number;
};

const KEPT_CHARS = 300;

/**
 * Decides whether the conversation must shrink before the next call, and how: the oldest tool results give way to their
 * first lines and the id under which the whole result is kept, so nothing is lost that the model cannot read again.
 * The task, the model's own words and the turn in progress stay. Null while there is room.
 */
export function planCompaction(options: {
  messages: readonly ModelMessage[];
  /** Tokens for the conversation: the context budget less system prompt and tools. */
  budgetTokens: number;
  /** Id of the kept output of a call. */
  outputIdOf: (callId: string) => string | undefined;
  /** The provider has said that it is too long, whatever the estimate. */
  force?: boolean;
}): Compaction | null {
  const { messages, budgetTokens, outputIdOf, force } = options;
  const beforeTokens = estimateMessagesTokens(messages);
  if (!force && beforeTokens <= budgetTokens * COMPACT_AT_SHARE) return null;
  const target = Math.min(budgetTokens, beforeTokens) * COMPACT_TO_SHARE;
  let tokens = beforeTokens;
  const changed: Compaction['changed'] = [];
  for (const [index, message] of messages.slice(0, -COMPACT_KEEP_LAST).entries()) {
    if (tokens <= target) break;
    if (message.role !== 'tool') continue;
    const shorter = shortenResults(message, outputIdOf);
    const saved = estimateMessageTokens(message) - estimateMessageTokens(shorter);
    if (saved <= 0) continue;
    tokens -= saved;
    changed.push({ index, message: shorter });
  }
  return changed.length === 0 ? null : { changed, beforeTokens, afterTokens: tokens };
}

function shortenResults(
  message: ToolModelMessage,
  outputIdOf: (callId: string) => string | undefined,
): ToolModelMessage {
  return {
    ...message,
    content: message.content.map((part) => {
      if (part.type !== 'tool-result') return part;
      if (part.output.type !== 'text' && part.output.type !== 'error-text') return part;
      const { value } = part.output;
      const id = outputIdOf(part.toolCallId);
      const note = id
        ? `read it again with tars__output_read {"output_id": "${id}"}`
        : 'it was short; call the tool again if you need it';
      const shorter = `${value.slice(0, KEPT_CHARS)}\n[… left out to make room (${value.length} characters); ${note}]\n\n[tool: ${part.toolCallId}]`;
      return shorter.length < value.length ? { ...part, output: { ...part.output, value: shorter } } : part;
    }),
  };
}
