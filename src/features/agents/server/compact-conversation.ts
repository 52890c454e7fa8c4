import type { ModelMessage, ToolModelMessage } from 'ai';
import { headOf } from '#src/lib/storable-text.ts';
import { estimateMessageTokens, hasImages, NOT_SENT, withoutImages } from '#src/server/llm/index.ts';
import { COMPACT_AT_SHARE, COMPACT_KEEP_LAST, COMPACT_TO_SHARE } from './tunables.ts';

export type Compaction = {
  changed: { index: number; message: ModelMessage }[];
  beforeTokens: number;
  afterTokens: number;
};

const KEPT_CHARS = 300;
/** Shorter results have nothing to give, those that were shortened before among them. */
const WORTH_CHARS = 800;

const LEFT_OUT =
  '[Images of this result were left out to make room; call the tool again if you need to see them.]';

/**
 * Decides whether the conversation must shrink before the next call, and how. First images give way to their description,
 * the oldest first: one takes as much as a page of text and says less once it has been looked at. Then the oldest tool
 * results give way to their first lines and the id under which the whole result is kept, so nothing is lost that the model
 * cannot read again. The task and the model's own words stay; the turn in progress stays unless it alone is too long. Null
 * while there is room, and when nothing is left that could be shortened.
 */
export function planCompaction(options: {
  messages: readonly ModelMessage[];
  /** Tokens for the conversation: the context budget less system prompt and tools. */
  budgetTokens: number;
  /** Id of the kept output of a call. */
  outputIdOf: (callId: string) => string | undefined;
  /** Whether the model is sent the images of the conversation; otherwise they take no room. */
  takesImages: boolean;
  /** The provider has said that it is too long, whatever the estimate. */
  force?: boolean;
}): Compaction | null {
  const { messages, budgetTokens, outputIdOf, takesImages: seesImages, force } = options;
  const sizeOf = (message: ModelMessage) =>
    estimateMessageTokens(!seesImages && message.role === 'tool' ? withoutImages(message, '') : message);
  const beforeTokens = messages.reduce((sum, message) => sum + sizeOf(message), 0);
  if (!force && beforeTokens <= budgetTokens * COMPACT_AT_SHARE) return null;
  const target = Math.min(budgetTokens, beforeTokens) * COMPACT_TO_SHARE;
  const mustFit = force ? target : budgetTokens;
  const inProgress = messages.length - COMPACT_KEEP_LAST;
  const changed = new Map<number, ModelMessage>();
  let tokens = beforeTokens;
  const ways: ((message: ToolModelMessage) => ToolModelMessage)[] = [
    ...(seesImages ? [(message: ToolModelMessage) => withoutImages(message, LEFT_OUT)] : []),
    (message) => shortenResults(message, outputIdOf),
  ];
  const shrink = (from: number, to: number, limit: number) => {
    for (const shorten of ways) {
      for (let index = from; index < to && tokens > limit; index += 1) {
        const message = changed.get(index) ?? messages[index];
        if (message?.role !== 'tool') continue;
        const shorter = shorten(message);
        const saved = sizeOf(message) - sizeOf(shorter);
        if (saved <= 0) continue;
        tokens -= saved;
        changed.set(index, shorter);
      }
    }
  };
  shrink(0, inProgress, target);
  shrink(Math.max(0, inProgress), messages.length, mustFit);
  if (changed.size === 0) return null;
  const inOrder = [...changed].sort(([a], [b]) => a - b);
  return {
    changed: inOrder.map(([index, message]) => ({ index, message })),
    beforeTokens,
    afterTokens: tokens,
  };
}

/** All results in words, for a model that refuses images. */
export function dropImages(messages: readonly ModelMessage[]): Compaction['changed'] {
  return messages.flatMap((message, index) =>
    message.role === 'tool' && hasImages(message)
      ? [{ index, message: withoutImages(message, NOT_SENT) }]
      : [],
  );
}

function shortenResults(
  message: ToolModelMessage,
  outputIdOf: (callId: string) => string | undefined,
): ToolModelMessage {
  return {
    ...message,
    content: message.content.map((part) => {
      if (part.type !== 'tool-result') return part;
      const { output, toolCallId } = part;
      const shorten = (text: string) => shortenText(text, toolCallId, outputIdOf(toolCallId));
      if (output.type === 'text' || output.type === 'error-text')
        return { ...part, output: { ...output, value: shorten(output.value) } };
      if (output.type !== 'content') return part;
      const value = output.value.map((piece) =>
        piece.type === 'text' ? { ...piece, text: shorten(piece.text) } : piece,
      );
      return { ...part, output: { ...output, value } };
    }),
  };
}

function shortenText(text: string, callId: string, outputId: string | undefined): string {
  if (text.length < WORTH_CHARS) return text;
  const note = outputId
    ? `read it again with tars__output_read {"output_id": "${outputId}"}`
    : 'it was short; call the tool again if you need it';
  return `${headOf(text, KEPT_CHARS)}\n[… left out to make room (${text.length} characters); ${note}]\n\n[tool: ${callId}]`;
}
