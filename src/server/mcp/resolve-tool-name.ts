import { distance } from 'fastest-levenshtein';
import type { McpTool } from './types.ts';

type NamedTool = Pick<McpTool, 'server' | 'name' | 'wireName'>;

export type ResolvedToolName<T extends NamedTool> =
  | { found: true; tool: T }
  /** `message` teaches the model which names exist. */
  | { found: false; message: string; suggestions: string[] };

const MAX_SUGGESTIONS = 5;
const MAX_LISTED = 40;
const MAX_SHOWN_CHARS = 100;

function spellings(tool: NamedTool): string[] {
  return [tool.wireName, `${tool.server}.${tool.name}`, `${tool.server}__${tool.name}`];
}

/** Prefixes that models put before a function's name on some wires. */
function strip(requested: string): string {
  return requested.trim().replace(/^(functions|tools)[.:]/, '');
}

function only<T>(matches: T[]): T | undefined {
  return matches.length === 1 ? matches[0] : undefined;
}

function suggest(wanted: string, tools: readonly NamedTool[]): string[] {
  const lower = wanted.toLowerCase().slice(0, MAX_SHOWN_CHARS);
  const bare = lower.split(/__|\./).at(-1) ?? lower;
  return tools
    .map((tool) => {
      const name = tool.name.toLowerCase();
      const full = distance(lower, tool.wireName.toLowerCase());
      const part = distance(bare, name);
      const contains = bare.length > 2 && (name.includes(bare) || bare.includes(name));
      return {
        wireName: tool.wireName,
        score: contains ? 0 : Math.min(full, part) / Math.max(name.length, 1),
      };
    })
    .filter((candidate) => candidate.score <= 0.6)
    .sort((a, b) => a.score - b.score || (a.wireName < b.wireName ? -1 : 1))
    .slice(0, MAX_SUGGESTIONS)
    .map((candidate) => candidate.wireName);
}

function teach(wanted: string, tools: readonly NamedTool[], suggestions: string[]): string {
  const shown = wanted.slice(0, MAX_SHOWN_CHARS);
  if (tools.length === 0) return `There is no tool "${shown}": no tools are available in this run.`;
  const opening = `There is no tool "${shown}". Tools are named server__tool.`;
  if (suggestions.length > 0) return `${opening} Did you mean ${suggestions.join(', ')}?`;
  const names = tools.map((tool) => tool.wireName);
  const listed = names.slice(0, MAX_LISTED).join(', ');
  const more = names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more` : '';
  return `${opening} Available: ${listed}${more}.`;
}

/**
 * Finds the tool that a model means: by `server__tool`, `server.tool`, the same in another case, or the bare name when
 * just one server has it. Ambiguous and unknown names come back with a text that says what to write instead.
 */
export function resolveToolName<T extends NamedTool>(
  requested: string,
  tools: readonly T[],
): ResolvedToolName<T> {
  const wanted = strip(requested);
  // Its own name on the wire first: another server's tool may be spelt like it.
  const exact =
    tools.find((tool) => tool.wireName === wanted) ?? tools.find((tool) => spellings(tool).includes(wanted));
  if (exact) return { found: true, tool: exact };
  const bare = tools.filter((tool) => tool.name === wanted);
  const lower = wanted.toLowerCase();
  const loose = tools.filter((tool) =>
    [...spellings(tool), tool.name].some((spelling) => spelling.toLowerCase() === lower),
  );
  const match = only(bare) ?? (bare.length === 0 ? only(loose) : undefined);
  if (match) return { found: true, tool: match };
  if (bare.length > 1) {
    const names = bare.map((tool) => tool.wireName);
    const message = `Several servers have a tool "${wanted}". Write one of ${names.join(', ')}.`;
    return { found: false, message, suggestions: names };
  }
  const suggestions = suggest(wanted, tools);
  return { found: false, message: teach(wanted, tools, suggestions), suggestions };
}
