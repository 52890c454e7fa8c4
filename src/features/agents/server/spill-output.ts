import { headOf, tailOf } from '#src/lib/storable-text.ts';
import { contextBudget, estimateTokens } from '#src/server/llm/index.ts';
import {
  RESULT_CONTEXT_SHARE,
  RESULT_MAX_TOKENS,
  RESULT_MIN_TOKENS,
  SPILL_HEAD_SHARE,
  TURN_CONTEXT_SHARE,
} from './tunables.ts';

const BYTES_PER_TOKEN = 4;

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

/** How many characters of this text make so many tokens: fewer where they take more bytes. */
export function charsForTokens(text: string, tokens: number): number {
  return Math.floor((tokens * BYTES_PER_TOKEN * text.length) / Math.max(1, Buffer.byteLength(text)));
}

/** What the model sees of an output: all of it, or head and tail with the way to the rest. */
export function viewOutput(
  output: string,
  options: { budgetTokens: number; outputId: string },
): { text: string; spilled: boolean } {
  const cut = cutMiddle(output, options.budgetTokens);
  if (cut === null) return { text: output, spilled: false };
  const { head, tail, hidden } = cut;
  const note = [
    `[… ${hidden} of ${output.length} characters are not shown. The whole output is kept as "${options.outputId}".`,
    howToReadOn(options.outputId, head.length),
  ].join(' ');
  return { text: `${head}\n${note}\n${tail}`, spilled: true };
}

const howToReadOn = (outputId: string, offset: number): string =>
  [
    `Use tars__output_search {"output_id": "${outputId}", "pattern": "…"} to find lines in it,`,
    `or tars__output_read {"output_id": "${outputId}", "offset": ${offset}} to page through it.]`,
  ].join(' ');

/** Head and tail that fit the budget, cut between lines where one ends nearby; null when all of it fits. */
export function cutMiddle(
  output: string,
  budgetTokens: number,
): { head: string; tail: string; hidden: number } | null {
  if (estimateTokens(output) <= budgetTokens) return null;
  const maxChars = charsForTokens(output, budgetTokens);
  const headChars = Math.floor(maxChars * SPILL_HEAD_SHARE);
  const head = endAtLine(headOf(output, headChars));
  const tail = startAtLine(tailOf(output, maxChars - headChars));
  return { head, tail, hidden: output.length - head.length - tail.length };
}

/** What the model sees of an output that was summarised, with the way to the output itself. */
export function viewSummary(options: {
  summary: string;
  model: string;
  originalTokens: number;
  maxTokens: number;
  outputId: string;
}): string {
  const { summary, outputId } = options;
  const maxChars = charsForTokens(summary, options.maxTokens);
  const shown =
    summary.length <= maxChars
      ? summary
      : `${endAtLine(headOf(summary, maxChars))}\n[the summary was cut here]`;
  const note = [
    `[This is a summary, written by ${options.model}, of about ${options.originalTokens} tokens of output.`,
    `Check in the output what matters and is not quoted: the whole of it is kept as "${outputId}".`,
    howToReadOn(outputId, 0),
  ].join(' ');
  return `${note}\n\n${shown}`;
}

/** … and when it could not be summarised. `view` is the begin and end of it. */
export const viewFailedSummary = (view: string, reason: string): string =>
  `[This output was to be summarised, which failed (${reason}). Its beginning and end follow.]\n\n${view}`;

/** Cut at a line's end where one is near: one huge line has no good place. */
function endAtLine(text: string): string {
  const at = text.lastIndexOf('\n');
  return at > text.length / 2 ? text.slice(0, at) : text;
}

function startAtLine(text: string): string {
  const at = text.indexOf('\n');
  return at >= 0 && at < text.length / 2 ? text.slice(at + 1) : text;
}
