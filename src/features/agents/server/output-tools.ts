import { setImmediate as letOthersWork } from 'node:timers/promises';
import { RE2JS } from 're2js';
import { z } from 'zod';
import { cutBefore, headOf } from '#src/lib/storable-text.ts';
import type { McpTool } from '#src/server/mcp/index.ts';
import { charsForTokens } from './spill-output.ts';
import {
  OUTPUT_LINE_MAX_CHARS,
  OUTPUT_PAGE_MAX_CHARS,
  OUTPUT_SEARCH_MAX_MATCHES,
  SEARCH_LINES_PER_SLICE,
} from './tunables.ts';

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

type Answer = { ok: boolean; text: string };

/** Room for the line that says how to go on. */
const NOTE_TOKENS = 50;

/**
 * Answers a call of one of the built-in tools in at most `budgetTokens`: what they give is a part of an output, so it is
 * made to fit and never spilled again. `load` gives the text of an output of this session, or null. A mistake of the
 * model comes back as text that says what would be right.
 */
export async function callOutputTool(
  name: string,
  args: Record<string, unknown>,
  options: { load(outputId: string): Promise<string | null>; budgetTokens: number },
): Promise<Answer> {
  const budgetTokens = Math.max(NOTE_TOKENS, options.budgetTokens - NOTE_TOKENS);
  switch (name) {
    case 'output_search':
      return withOutput(searchSchema, args, options.load, (text, { pattern }) =>
        searchLines(text, pattern, budgetTokens),
      );
    case 'output_read':
      return withOutput(readSchema, args, options.load, (text, { offset, length }) =>
        readPage(text, { offset, length, budgetTokens }),
      );
    default:
      return { ok: false, text: `There is no built-in tool "${name}".` };
  }
}

async function withOutput<Input extends { output_id: string }>(
  schema: z.ZodType<Input>,
  args: unknown,
  load: (outputId: string) => Promise<string | null>,
  answer: (text: string, input: Input) => Answer | Promise<Answer>,
): Promise<Answer> {
  const parsed = schema.safeParse(args);
  if (!parsed.success) return { ok: false, text: z.prettifyError(parsed.error) };
  const { output_id: id } = parsed.data;
  const text = await load(id);
  if (text !== null) return answer(text, parsed.data);
  return {
    ok: false,
    text: `There is no kept output "${id}" in this session. Its id is named where the output was cut.`,
  };
}

async function searchLines(text: string, pattern: string, budgetTokens: number): Promise<Answer> {
  let expression: RE2JS;
  try {
    expression = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    const problem = error instanceof Error ? error.message : pattern;
    return { ok: false, text: `The pattern is not a valid RE2 expression: ${problem}` };
  }
  let room = charsForTokens(text, budgetTokens);
  const found: string[] = [];
  let total = 0;
  let lineNumber = 0;
  for (const line of text.split('\n')) {
    lineNumber += 1;
    if (lineNumber % SEARCH_LINES_PER_SLICE === 0) await letOthersWork();
    const matcher = expression.matcher(line);
    if (!matcher.find()) continue;
    total += 1;
    const shown = `${lineNumber}: ${aroundMatch(line, matcher.start())}`;
    if (found.length >= OUTPUT_SEARCH_MAX_MATCHES || (found.length > 0 && shown.length > room)) continue;
    room -= shown.length;
    found.push(shown);
  }
  if (total === 0) return { ok: true, text: `No line of ${lineNumber} matches.` };
  const more =
    total > found.length ? `\n[${total - found.length} more matching lines; make the pattern narrower]` : '';
  return { ok: true, text: `${found.join('\n')}${more}` };
}

/** A long line from shortly before its match, with the place where it was cut. */
function aroundMatch(line: string, matchStart: number): string {
  if (line.length <= OUTPUT_LINE_MAX_CHARS) return line;
  const start = cutBefore(line, Math.max(0, matchStart - OUTPUT_LINE_MAX_CHARS / 4));
  const shown = headOf(line.slice(start), OUTPUT_LINE_MAX_CHARS);
  const before = start > 0 ? `[… ${start} characters] ` : '';
  const left = line.length - start - shown.length;
  return `${before}${shown}${left > 0 ? ` [… ${left} more characters]` : ''}`;
}

function readPage(text: string, options: { offset: number; length: number; budgetTokens: number }): Answer {
  const start = cutBefore(text, Math.min(options.offset, text.length));
  const rest = text.slice(start, start + options.length + 1);
  const page = headOf(
    rest,
    Math.min(options.length, Math.max(1, charsForTokens(rest, options.budgetTokens))),
  );
  const end = start + page.length;
  const note =
    end < text.length
      ? `[characters ${start}–${end} of ${text.length}; go on at offset ${end}]`
      : `[end of the output, ${text.length} characters]`;
  return { ok: true, text: `${page}\n${note}` };
}
