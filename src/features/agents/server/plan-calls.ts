import { headOf, storable } from '#src/lib/storable-text.ts';
import { explainUnknown } from '#src/server/identifiers/index.ts';
import type { LlmToolCall } from '#src/server/llm/index.ts';
import { type McpTool, resolveToolName } from '#src/server/mcp/index.ts';
import type { PlannedCall } from './agent-step.ts';
import { BUILT_IN_SERVER } from './built-in-tools.ts';
import type { RunMask } from './run-mask.ts';
import { MAX_TOOL_CALLS_PER_TURN, QUOTED_ARGUMENTS_MAX_CHARS } from './tunables.ts';

/**
 * What TARS makes of the calls of one answer: which tool is meant, and what is wrong with a call that cannot be made at
 * all (unknown tool, unreadable arguments, too many at once), in words for the model.
 */
export function planCalls(options: {
  calls: readonly LlmToolCall[];
  tools: readonly McpTool[];
  iteration: number;
  mask: RunMask;
}): PlannedCall[] {
  const { calls, tools, iteration, mask } = options;
  return calls.map((call, index) => {
    const resolved = resolveToolName(call.name, tools);
    const tool = resolved.found ? resolved.tool : null;
    const name = mask.text(call.name);
    // The product's own tools read what holds placeholders; everything else needs real names.
    const isOutside = tool !== null && tool.server !== BUILT_IN_SERVER;
    const exact = isOutside ? mask.reveal(call.arguments) : { arguments: call.arguments, unknown: [] };
    return {
      index,
      iteration,
      callId: call.id,
      wireName: tool?.wireName ?? name,
      server: tool?.server ?? '',
      tool: tool ? storable(tool.name) : name,
      readOnly: tool?.readOnly ?? false,
      arguments: exact.arguments,
      maskedArguments: mask.arguments(tool?.server ?? '', exact.arguments),
      problem:
        problemOf(call, index, resolved.found ? null : resolved.message, mask) ??
        (exact.unknown.length > 0 ? explainUnknown(exact.unknown) : null),
    };
  });
}

function problemOf(
  call: LlmToolCall,
  index: number,
  unknownTool: string | null,
  mask: RunMask,
): string | null {
  if (index >= MAX_TOOL_CALLS_PER_TURN) {
    return `Not run: at most ${MAX_TOOL_CALLS_PER_TURN} calls are possible in one turn. Call it again in the next one if it is still needed.`;
  }
  if (unknownTool) return mask.text(unknownTool);
  if (!call.invalid) return null;
  const written = headOf(mask.text(call.invalid.raw), QUOTED_ARGUMENTS_MAX_CHARS);
  return `The arguments could not be read: ${mask.text(call.invalid.message)} You wrote: ${written}`;
}
