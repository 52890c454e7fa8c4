import type { LlmToolCall } from '#src/server/llm/index.ts';
import { type McpTool, resolveToolName } from '#src/server/mcp/index.ts';
import type { PlannedCall } from './agent-step.ts';
import { MAX_TOOL_CALLS_PER_TURN } from './tunables.ts';

/**
 * What TARS makes of the calls of one answer: which tool is meant, and what is wrong with a call that cannot be made at
 * all (unknown tool, unreadable arguments, too many at once), in words for the model.
 */
export function planCalls(options: {
  calls: readonly LlmToolCall[];
  tools: readonly McpTool[];
  iteration: number;
}): PlannedCall[] {
  return options.calls.map((call, index) => {
    const resolved = resolveToolName(call.name, options.tools);
    const tool = resolved.found ? resolved.tool : null;
    return {
      index,
      iteration: options.iteration,
      callId: call.id,
      wireName: tool?.wireName ?? call.name,
      server: tool?.server ?? '',
      tool: tool?.name ?? call.name,
      readOnly: tool?.readOnly ?? false,
      arguments: call.arguments,
      problem: problemOf(call, index, resolved.found ? null : resolved.message),
    };
  });
}

function problemOf(call: LlmToolCall, index: number, unknownTool: string | null): string | null {
  if (index >= MAX_TOOL_CALLS_PER_TURN) {
    return `Not run: at most ${MAX_TOOL_CALLS_PER_TURN} calls are possible in one turn. Call it again in the next one if it is still needed.`;
  }
  if (unknownTool) return unknownTool;
  if (call.invalid)
    return `The arguments could not be read: ${call.invalid.message} You wrote: ${call.invalid.raw.slice(0, 500)}`;
  return null;
}
