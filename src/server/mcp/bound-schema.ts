import { maskSafely } from './mask-safely.ts';
import { MAX_SCHEMA_CHARS, MAX_SCHEMA_DEPTH } from './tunables.ts';
import type { JsonSchema, Masker } from './types.ts';

const TEXT_KEYS = new Set(['description', 'title', '$comment']);
const DROPPED_WHEN_LARGE = new Set(['description', 'title', '$comment', 'examples', 'default']);
/** Below these the keys are names of the server's choice, not keywords. */
const NAME_MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);

type Options = { masker: Masker; slim: boolean };

function copyNode(node: unknown, options: Options, depth: number, keysAreNames: boolean): unknown {
  if (depth > MAX_SCHEMA_DEPTH) return {};
  if (Array.isArray(node)) return node.map((item) => copyNode(item, options, depth + 1, false));
  if (typeof node !== 'object' || node === null) return node;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === '__proto__') continue;
    if (!keysAreNames && options.slim && DROPPED_WHEN_LARGE.has(key)) continue;
    const isText = !keysAreNames && TEXT_KEYS.has(key) && typeof value === 'string';
    copy[key] = isText
      ? maskSafely(options.masker, value)
      : copyNode(value, options, depth + 1, !keysAreNames && NAME_MAPS.has(key));
  }
  return copy;
}

function asObjectSchema(copy: unknown): JsonSchema {
  return typeof copy === 'object' && copy !== null ? { ...copy, type: 'object' } : { type: 'object' };
}

/**
 * A copy of a tool's input schema with masked texts. One that is too large loses its descriptions and examples first
 * (the argument names still guide the model), then everything: any object is then accepted and the server decides.
 */
export function boundSchema(schema: Record<string, unknown>, masker: Masker): JsonSchema {
  for (const slim of [false, true]) {
    const copy = asObjectSchema(copyNode(schema, { masker, slim }, 0, false));
    if (JSON.stringify(copy).length <= MAX_SCHEMA_CHARS) return copy;
  }
  return { type: 'object', additionalProperties: true };
}
