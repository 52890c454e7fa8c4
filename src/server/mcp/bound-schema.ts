import { inertText } from '#src/lib/inert-text.ts';
import { maskSafely } from './mask-safely.ts';
import { MAX_SCHEMA_CHARS, MAX_SCHEMA_DEPTH } from './tunables.ts';
import type { JsonSchema, Masker } from './types.ts';

/** What a call has to repeat exactly. */
const EXACT_KEYS = new Set(['enum', 'const', 'required']);
const DROPPED_WHEN_LARGE = new Set(['description', 'title', '$comment', 'examples', 'default']);
/** Below these the keys are names of the server's choice, not keywords. */
const NAME_MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);

type Options = { masker: Masker; slim: boolean };
/** What the keys and texts of a node are. */
type Role = 'keyword' | 'name' | 'exact';

function copyNode(node: unknown, options: Options, depth: number, role: Role): unknown {
  if (depth > MAX_SCHEMA_DEPTH) return {};
  if (Array.isArray(node))
    return node.map((item) => copyNode(item, options, depth + 1, role === 'exact' ? 'exact' : 'keyword'));
  if (typeof node === 'string') return copyText(node, options, role);
  if (typeof node !== 'object' || node === null) return node;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === '__proto__') continue;
    if (role === 'keyword' && options.slim && DROPPED_WHEN_LARGE.has(key)) continue;
    copy[withoutSigns(key)] = copyNode(value, options, depth + 1, roleBelow(key, role));
  }
  return copy;
}

function roleBelow(key: string, role: Role): Role {
  if (role === 'exact') return 'exact';
  if (role === 'name') return 'keyword';
  if (EXACT_KEYS.has(key)) return 'exact';
  return NAME_MAPS.has(key) ? 'name' : 'keyword';
}

/** A server may write to the model in any keyword, known or not. */
const copyText = (text: string, { masker }: Options, role: Role): string =>
  role === 'exact' ? withoutSigns(text) : maskSafely(masker, text);

/** Names and choices stay as they are, unless they carry what only a prompt's own structure may. */
const withoutSigns = (text: string): string => inertText(text, { references: 'inert' });

function asObjectSchema(copy: unknown): JsonSchema {
  return typeof copy === 'object' && copy !== null ? { ...copy, type: 'object' } : { type: 'object' };
}

/**
 * A copy of a tool's input schema with masked texts and without the signs of a prompt's structure. One that is too large
 * loses its descriptions and examples first (the argument names still guide the model), then everything: any object is then
 * accepted and the server decides.
 */
export function boundSchema(schema: Record<string, unknown>, masker: Masker): JsonSchema {
  for (const slim of [false, true]) {
    const copy = asObjectSchema(copyNode(schema, { masker, slim }, 0, 'keyword'));
    if (JSON.stringify(copy).length <= MAX_SCHEMA_CHARS) return copy;
  }
  return { type: 'object', additionalProperties: true };
}
