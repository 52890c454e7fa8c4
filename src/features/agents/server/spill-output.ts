import { contextBudget, estimateTokens } from '#src/server/llm/index.ts';
import {
  RESULT_CONTEXT_SHARE,
  RESULT_MAX_TOKENS,
  RESULT_MIN_TOKENS,
  SPILL_HEAD_SHARE,
  TURN_CONTEXT_SHARE,
} from './tunables.ts';

const CHARS_PER_TOKEN = 4;

/** Tokens that each of the `calls` results of one turn may take of the conversation with this provider. */
export function resultBudgetTokens(
  provider: { contextTokens: number; maxOutputTokens: number },
  calls: number,
): number {
  const share = Math.floor(
    contextBudget(provider) * Math.min(RESULT_CONTEXT_SHARE, TURN_CONTEXT_SHARE / calls),
  );
  return Math.max(RESULT_MIN_TOKENS, Math.min(RESULT_MAX_TOKENS, share));
}

/** What the model sees of an output: all of it, or head and tail with the way to the rest. */
export function viewOutput(
  output: string,
  options: { budgetTokens: number; outputId: string },
): { text: string; spilled: boolean } {
  if (estimateTokens(output) <= options.budgetTokens) return { text: output, spilled: false };
  const maxChars = options.budgetTokens * CHARS_PER_TOKEN;
  const head = cutAtLine(output.slice(0, Math.floor(maxChars * SPILL_HEAD_SHARE)), 'end');
  const tail = cutAtLine(
    output.slice(output.length - Math.floor(maxChars * (1 - SPILL_HEAD_SHARE))),
    'start',
  );
  const hidden = output.length - head.length - tail.length;
  const note = [
    `[… ${hidden} of ${output.length} characters are not shown. The whole output is kept as "${options.outputId}".`,
    `Use tars__output_search {"output_id": "${options.outputId}", "pattern": "…"} to find lines in it,`,
    `or tars__output_read {"output_id": "${options.outputId}", "offset": ${head.length}} to page through it.]`,
  ].join(' ');
  return { text: `${head}\n${note}\n${tail}`, spilled: true };
}

function cutAtLine(text: string, side: 'start' | 'end'): string {
  const at = side === 'end' ? text.lastIndexOf('\n') : text.indexOf('\n');
  // One huge line has no good place to cut.
  if (at < 0 || Math.min(at, text.length - at) > text.length / 2) return text;
  return side === 'end' ? (at > text.length / 2 ? text.slice(0, at) : text) : text.slice(at + 1);
}
