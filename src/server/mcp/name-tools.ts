import { createHash } from 'node:crypto';
import { MAX_WIRE_NAME_CHARS } from './tunables.ts';
import type { ListedTool, McpTool } from './types.ts';

const SEPARATOR = '__';
const HASH_CHARS = 6;

function sanitise(name: string): string {
  return name.replace(/[^a-zA-Z0-9_-]/g, '_');
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_CHARS);
}

function withHash(name: string, source: string): string {
  return `${name.slice(0, MAX_WIRE_NAME_CHARS - HASH_CHARS - 1)}_${shortHash(source)}`;
}

/** `server__tool`, as every provider takes it: 64 of `[a-zA-Z0-9_-]`, not starting with a digit or a dash. */
export function wireNameOf(server: string, tool: string): string {
  const joined = `${sanitise(server)}${SEPARATOR}${sanitise(tool)}`;
  const name = /^[a-zA-Z_]/.test(joined) ? joined : `_${joined}`;
  return name.length <= MAX_WIRE_NAME_CHARS ? name : withHash(name, `${server}.${tool}`);
}

/**
 * Gives each tool its name on the wire. Where two would share one, all but the first in (server, name) order carry a
 * hash of their full name, so that a resumed run finds the same names.
 */
export function nameTools(tools: readonly ListedTool[]): McpTool[] {
  const taken = new Set<string>();
  const ordered = [...tools].sort((a, b) => compare(a.server, b.server) || compare(a.name, b.name));
  const names = new Map<ListedTool, string>();
  for (const tool of ordered) {
    const plain = wireNameOf(tool.server, tool.name);
    const name = taken.has(plain) ? withHash(plain, `${tool.server}.${tool.name}`) : plain;
    taken.add(name);
    names.set(tool, name);
  }
  return tools.map((tool) => ({ ...tool, wireName: names.get(tool) ?? wireNameOf(tool.server, tool.name) }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
