import { RE2JS } from 're2js';
import { z } from 'zod';
import type { McpTool } from '#src/server/mcp/index.ts';
import { OUTPUT_LINE_MAX_CHARS, OUTPUT_PAGE_MAX_CHARS, OUTPUT_SEARCH_MAX_MATCHES } from './tunables.ts';

/** Server name of the product's own tools. */
export const BUILT_IN_SERVER = 'tars';

const outputId = z.string().min(1).describe('Id of the kept output, as given in the tool result');
const searchSchema = z.object({
  output_id: outputId,
  pattern: z
    .string()
    .min(1)
    .max(500)
    .describe('Regular expression in RE2 syntax, matched case-insensitively against each line'),
});
const readSchema = z.object({
  output_id: outputId,
  offset: z.coerce.number().int().min(0).default(0).describe('Character to start at'),
  length: z.coerce
    .number()
    .int()
    .min(1)
    .max(OUTPUT_PAGE_MAX_CHARS)
    .default(8_000)
    .describe('Characters to read'),
});

const builtIn = (name: string, description: string, schema: z.ZodType): McpTool => ({
  server: BUILT_IN_SERVER,
  name,
  wireName: `${BUILT_IN_SERVER}__${name}`,
  description,
  inputSchema: { ...z.toJSONSchema(schema, { io: 'input' }), type: 'object' },
  readOnly: true,
  destructive: false,
  annotations: { readOnlyHint: true },
});

/** Tools over outputs that were too large for the conversation. */
export const outputTools: McpTool[] = [
  builtIn(
    'output_search',
    'Finds the lines of a kept tool output that match a pattern, with line numbers.',
    searchSchema,
  ),
  builtIn('output_read', 'Reads a part of a kept tool output.', readSchema),
];

/**
 * Answers a call of one of the built-in tools. `load` gives the text of an output of this session, or null.
 * A mistake of the model comes back as text that says what would be right.
 */
export async function callOutputTool(
  name: string,
  args: Record<string, unknown>,
  load: (outputId: string) => Promise<string | null>,
): Promise<{ ok: boolean; text: string }> {
  switch (name) {
    case 'output_search': {
      const parsed = searchSchema.safeParse(args);
      if (!parsed.success) return { ok: false, text: z.prettifyError(parsed.error) };
      const text = await load(parsed.data.output_id);
      return text === null ? unknownOutput(parsed.data.output_id) : searchLines(text, parsed.data.pattern);
    }
    case 'output_read': {
      const parsed = readSchema.safeParse(args);
      if (!parsed.success) return { ok: false, text: z.prettifyError(parsed.error) };
      const text = await load(parsed.data.output_id);
      return text === null
        ? unknownOutput(parsed.data.output_id)
        : readPage(text, parsed.data.offset, parsed.data.length);
    }
    default:
      return { ok: false, text: `There is no built-in tool "${name}".` };
  }
}

const unknownOutput = (id: string) => ({
  ok: false,
  text: `There is no kept output "${id}" in this session. Its id is named where the output was cut.`,
});

export function searchLines(text: string, pattern: string): { ok: boolean; text: string } {
  let expression: RE2JS;
  try {
    expression = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    return {
      ok: false,
      text: `The pattern is not a valid RE2 expression: ${error instanceof Error ? error.message : pattern}`,
    };
  }
  const found: string[] = [];
  let total = 0;
  let lineNumber = 0;
  for (const line of text.split('\n')) {
    lineNumber += 1;
    if (!expression.matcher(line).find()) continue;
    total += 1;
    if (found.length < OUTPUT_SEARCH_MAX_MATCHES)
      found.push(`${lineNumber}: ${line.slice(0, OUTPUT_LINE_MAX_CHARS)}`);
  }
  if (total === 0) return { ok: true, text: `No line of ${lineNumber} matches.` };
  const more =
    total > found.length ? `\n[${total - found.length} more matching lines; make the pattern narrower]` : '';
  return { ok: true, text: `${found.join('\n')}${more}` };
}

function readPage(text: string, offset: number, length: number): { ok: boolean; text: string } {
  const page = text.slice(offset, offset + length);
  const end = offset + page.length;
  const rest =
    end < text.length
      ? `\n[characters ${offset}–${end} of ${text.length}; go on at offset ${end}]`
      : `\n[end of the output, ${text.length} characters]`;
  return { ok: true, text: `${page}${rest}` };
}
