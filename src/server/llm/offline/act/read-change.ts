import { isChangeTool } from '../known-tools.ts';
import type { Conversation, Exchange } from '../read-conversation.ts';

/** A change that was asked for in this conversation, and what came of it. */
export interface MadeChange {
  outcome: 'made' | 'denied' | 'failed' | 'unknown';
  /** The first line of what the tool, or TARS in its place, answered. */
  answer: string;
  ref: string;
  /** Look-ups before and after it. */
  before: Exchange[];
  after: Exchange[];
}

/** The change of a conversation, or null: there is at most one. */
export function readChange({ exchanges }: Conversation): MadeChange | null {
  const at = exchanges.findIndex(({ toolName }) => isChangeTool(toolName));
  const exchange = exchanges[at];
  if (!exchange) return null;
  const output = exchange.output ?? '';
  return {
    outcome: outcomeOf(exchange, output),
    answer: output.trim().split('\n', 1)[0] ?? '',
    ref: exchange.id,
    before: exchanges.slice(0, at),
    after: exchanges.slice(at + 1),
  };
}

/** How TARS words calls that were not made, and calls whose end is not known. */
function outcomeOf(exchange: Exchange, output: string): MadeChange['outcome'] {
  if (exchange.output === null || /^The run was interrupted during this call/.test(output)) return 'unknown';
  if (/^Not run:/.test(output)) return 'denied';
  return exchange.failed || /^failed to /i.test(output) ? 'failed' : 'made';
}

/** What the last earlier stage found, from the first message; empty when there is none. */
export function earlierFindings({ opening }: Conversation): string {
  const found = opening.matchAll(
    /^<<<BEGIN DATA: findings of stage [^\n]*>>>\n([\s\S]*?)^<<<END DATA: findings of stage /gm,
  );
  return [...found].at(-1)?.[1]?.trim() ?? '';
}
