import { z } from 'zod';
import type { McpTool } from '#src/server/mcp/index.ts';
import type { PlannedCall, ToolNote } from './agent-step.ts';

/** Server name of the product's own tools. */
export const BUILT_IN_SERVER = 'tars';

/** What a built-in tool answers. A mistake of the model is a text that says what would be right. */
export type BuiltInAnswer = { ok: boolean; text: string; notes?: readonly ToolNote[] };

export type BuiltInContext = {
  /** The answer should fit into these; what is longer is kept apart like any tool's output. */
  budgetTokens: number;
  signal: AbortSignal;
  /** The call itself: its place in the conversation, its arguments as they are shown. */
  call: PlannedCall;
};

/** One of the product's own tools. They are data, so that a feature adds one by putting it on the list. */
export type BuiltInTool = {
  tool: McpTool;
  run(args: Record<string, unknown>, context: BuiltInContext): Promise<BuiltInAnswer>;
};

/** A read-only tool of ours; arguments that do not fit the schema are answered without running it. */
export function defineBuiltInTool<Schema extends z.ZodType>(definition: {
  name: string;
  description: string;
  input: Schema;
  run(input: z.infer<Schema>, context: BuiltInContext): BuiltInAnswer | Promise<BuiltInAnswer>;
}): BuiltInTool {
  const { name, description, input, run } = definition;
  return {
    tool: {
      server: BUILT_IN_SERVER,
      name,
      wireName: `${BUILT_IN_SERVER}__${name}`,
      description,
      inputSchema: { ...z.toJSONSchema(input, { io: 'input' }), type: 'object' },
      readOnly: true,
      destructive: false,
      annotations: { readOnlyHint: true },
    },
    async run(args, context) {
      const parsed = input.safeParse(args);
      return parsed.success ? run(parsed.data, context) : { ok: false, text: z.prettifyError(parsed.error) };
    },
  };
}

/** Answers a call of one of `tools` by its name. */
export async function callBuiltInTool(
  tools: readonly BuiltInTool[],
  name: string,
  args: Record<string, unknown>,
  context: BuiltInContext,
): Promise<BuiltInAnswer> {
  const found = tools.find(({ tool }) => tool.name === name);
  return found ? found.run(args, context) : { ok: false, text: `There is no built-in tool "${name}".` };
}
