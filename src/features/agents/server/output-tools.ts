import { setImmediate as letOthersWork } from 'node:timers/promises';
import { RE2JS } from 're2js';
import { z } from 'zod';
import { cutBefore, headOf } from '#src/lib/storable-text.ts';
import {
  type BuiltInAnswer,
  type BuiltInContext,
  type BuiltInTool,
  defineBuiltInTool,
} from './built-in-tools.ts';
import { charsForTokens } from './spill-output.ts';
import {
  OUTPUT_LINE_MAX_CHARS,
  OUTPUT_PAGE_MAX_CHARS,
  OUTPUT_SEARCH_MAX_MATCHES,
  SEARCH_LINES_PER_SLICE,
} from './tunables.ts';

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

type Load = (outputId: string) => Promise<string | null>;

/** Room for the line that says how to go on. */
const NOTE_TOKENS = 50;

/**
 * Tools over outputs that were too large for the conversation. What they give is a part of an output, so it is made to
 * fit the budget and never spilled again. `load` gives the text of an output of this session, or null.
 */
export function createOutputTools(load: Load): BuiltInTool[] {
  return [
    defineBuiltInTool({
      name: 'output_search',
      description: 'Finds the lines of a kept tool output that match a pattern, with line numbers.',
      input: searchSchema,
      run: (input, context) =>
        withOutput(load, input.output_id, (text) => searchLines(text, input.pattern, roomIn(context))),
    }),
    defineBuiltInTool({
      name: 'output_read',
      description: 'Reads a part of a kept tool output.',
      input: readSchema,
      run: ({ output_id, offset, length }, context) =>
        withOutput(load, output_id, (text) =>
          readTextPage(text, { offset, length, budgetTokens: roomIn(context) }),
        ),
    }),
  ];
}

const roomIn = ({ budgetTokens }: BuiltInContext) => Math.max(NOTE_TOKENS, budgetTokens - NOTE_TOKENS);

async function withOutput(
  load: Load,
  id: string,
  answer: (text: string) => BuiltInAnswer | Promise<BuiltInAnswer>,
): Promise<BuiltInAnswer> {
  const text = await load(id);
  if (text !== null) return answer(text);
  return {
    ok: false,
    text: `There is no kept output "${id}" in this session. Its id is named where the output was cut.`,
  };
}

async function searchLines(text: string, pattern: string, budgetTokens: number): Promise<BuiltInAnswer> {
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

/** A part of a text in at most `budgetTokens`, and how to go on. */
export function readTextPage(
  text: string,
  options: { offset: number; length: number; budgetTokens: number },
): BuiltInAnswer {
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
