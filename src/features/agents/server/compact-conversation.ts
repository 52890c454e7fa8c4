import type { ModelMessage, ToolModelMessage } from 'ai';
import { headOf } from '#src/lib/storable-text.ts';
import { estimateMessagesTokens, estimateMessageTokens } from '#src/server/llm/index.ts';
import { COMPACT_AT_SHARE, COMPACT_KEEP_LAST, COMPACT_TO_SHARE } from './tunables.ts';

export type Compaction = {
  changed: { index: number; message: ModelMessage }[];
  beforeTokens: number;
  afterTokens: number;
};

const KEPT_CHARS = 300;
/** Shorter results have nothing to give, those that were shortened before among them. */
const WORTH_CHARS = 800;

/**
 * Decides whether the conversation must shrink before the next call, and how: the oldest tool results give way to their
 * first lines and the id under which the whole result is kept, so nothing is lost that the model cannot read again.
 * The task and the model's own words stay; the turn in progress stays unless it alone is too long. Null while there is
 * room, and when nothing is left that could be shortened.
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
  const mustFit = force ? target : budgetTokens;
  const inProgress = messages.length - COMPACT_KEEP_LAST;
  let tokens = beforeTokens;
  const changed: Compaction['changed'] = [];
  for (const [index, message] of messages.entries()) {
    if (tokens <= (index < inProgress ? target : mustFit)) {
      if (index >= inProgress) break;
      continue;
    }
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
      if (value.length < WORTH_CHARS) return part;
      const id = outputIdOf(part.toolCallId);
      const note = id
        ? `read it again with tars__output_read {"output_id": "${id}"}`
        : 'it was short; call the tool again if you need it';
      const shorter = `${headOf(value, KEPT_CHARS)}\n[… left out to make room (${value.length} characters); ${note}]\n\n[tool: ${part.toolCallId}]`;
      return { ...part, output: { ...part.output, value: shorter } };
    }),
  };
}
