import { z } from 'zod';
import {
  type BuiltInTool,
  charsForTokens,
  defineBuiltInTool,
  readTextPage,
} from '#src/features/agents/server/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import { type LineMatch, type SearchResult, searchTexts } from './search-texts.ts';
import { loadText, readSessionTexts } from './session-texts.ts';
import { READ_MAX_CHARS } from './tunables.ts';

const searchSchema = z.object({
  query: z
    .string()
    .min(1)
    .max(500)
    .describe('Words to look for, "a phrase" in quotes; lines that hold more and rarer ones come first'),
});
const readSchema = z.object({
  ref: z.string().min(1).max(200).describe('Id of a tool result or of another entry, as the search names it'),
  offset: z.coerce.number().int().min(0).default(0).describe('Character to start at'),
  length: z.coerce.number().int().min(1).max(READ_MAX_CHARS).default(8_000).describe('Characters to read'),
});

/** Room for the lines around what was found. */
const NOTE_TOKENS = 60;

/** Tools that read the session itself on demand, so that its history need not be sent with each question. */
export function createTimelineTools(
  sql: Sql,
  options: { sessionId: string; followUpId: string },
): BuiltInTool[] {
  const { sessionId, followUpId } = options;
  const roomIn = (budgetTokens: number) => Math.max(NOTE_TOKENS, budgetTokens - NOTE_TOKENS);
  return [
    defineBuiltInTool({
      name: 'timeline_search',
      description:
        'Searches everything this investigation has seen and said (whole tool results, thoughts, answers, earlier chat) for words. The lines stand below the id of the result they are from: cite it as [tool: <id>], not the search.',
      input: searchSchema,
      async run({ query }, { budgetTokens, signal }) {
        const texts = readSessionTexts(sql, { sessionId, exceptFollowUpId: followUpId });
        const result = await searchTexts(texts, query, signal);
        return { ok: true, text: describeMatches(result, roomIn(budgetTokens)) };
      },
    }),
    defineBuiltInTool({
      name: 'timeline_read',
      description: 'Reads a tool result or another entry of this investigation, whole or in parts.',
      input: readSchema,
      async run({ ref, offset, length }, { budgetTokens }) {
        const text = await loadText(sql, sessionId, ref);
        if (text === null) {
          return { ok: false, text: `This session has no entry "${ref}". timeline_search names the ids.` };
        }
        return readTextPage(text, { offset, length, budgetTokens: roomIn(budgetTokens) });
      },
    }),
  ];
}

/** The lines that were found, by the text they are from, in at most `budgetTokens`. */
export function describeMatches({ matches, texts, missing }: SearchResult, budgetTokens: number): string {
  const absent = missing.length > 0 ? `Found nowhere: ${missing.join(', ')}.` : '';
  if (matches.length === 0)
    return `No line of the ${texts} entries of this session matches. ${absent}`.trim();
  const groups = Map.groupBy(matches, (match) => match.ref);
  let room = charsForTokens(matches.map(({ text }) => text).join('\n'), budgetTokens);
  const parts: string[] = [];
  for (const lines of groups.values()) {
    const part = describeGroup(lines);
    if (parts.length > 0 && part.length > room) break;
    room -= part.length;
    parts.push(part);
  }
  return [...parts, absent].filter(Boolean).join('\n\n');
}

function describeGroup(matches: readonly LineMatch[]): string {
  const [first] = matches;
  if (!first) return '';
  const name = `${first.kind === 'tool' ? 'result' : 'entry'} ${first.ref}`;
  const lines = matches.toSorted((a, b) => a.line - b.line).map(describeLine);
  return [`# ${name} · ${first.label}`, ...lines].join('\n');
}

const describeLine = ({ line, text, path }: LineMatch): string =>
  `  ${line}: ${text}${path === '' ? '' : `  (in ${path})`}`;
