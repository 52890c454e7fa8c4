import { classifyKey } from './classify-key.ts';
import { placeholderFor } from './compile-custom-pattern.ts';
import type { MaskingPatternName } from './pattern-names.ts';
import { MAX_STRUCTURE_DEPTH } from './tunables.ts';

interface StructureOptions {
  readonly enabled: ReadonlySet<MaskingPatternName>;
  readonly maskText: (text: string) => string;
}

const TOO_DEEP = '[MASKED_WITHHELD: nested too deeply]';

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** A masked copy of a JSON value. Strings under a secret name are masked whole; Secret objects lose their values. */
export function maskStructure(value: unknown, options: StructureOptions, depth = 0): unknown {
  if (typeof value === 'string') return options.maskText(value);
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? undefined : value;
  if (depth >= MAX_STRUCTURE_DEPTH) return TOO_DEEP;
  if (Array.isArray(value)) return maskArray(value, options, depth);
  if (value instanceof Date) return value;
  if (!isRecord(value)) return value;
  const isSecret = value.kind === 'Secret' && options.enabled.has('kubernetes_secret');
  const inSecretList = value.kind === 'SecretList' && options.enabled.has('kubernetes_secret');
  const entry = environmentEntry(value, options);
  const copy: [string, unknown][] = Object.entries(value).map(([key, item]) => {
    const shownKey = options.maskText(key);
    if (isSecret && (key === 'data' || key === 'stringData')) return [shownKey, hideLeaves(item, depth + 1)];
    if (inSecretList && key === 'items') return [shownKey, maskSecretItems(item, options, depth + 1)];
    if (entry !== null && key === 'value') return [shownKey, entry];
    return [shownKey, maskEntry(key, item, options, depth)];
  });
  return Object.fromEntries(copy);
}

function maskEntry(key: string, item: unknown, options: StructureOptions, depth: number): unknown {
  const pattern = classifyKey(key);
  const isLeaf = typeof item === 'string' || typeof item === 'number';
  if (pattern === null || !options.enabled.has(pattern) || !isLeaf)
    return maskStructure(item, options, depth + 1);
  return hideSecretText(String(item), key, options) ?? item;
}

/** Lets the text rules decide on `key="value"`, so that references and templates stay as they do in a text. */
function hideSecretText(text: string, key: string, options: StructureOptions): string | null {
  const name = key.replaceAll(/[^A-Za-z0-9_.-]/g, '');
  const prefix = `${name}: "`;
  const probe = options.maskText(`${prefix}${JSON.stringify(text).slice(1, -1)}"`);
  const untouched = probe === `${prefix}${JSON.stringify(text).slice(1, -1)}"`;
  if (untouched) return options.maskText(text) === text ? null : options.maskText(text);
  const shown = probe.startsWith(prefix) && probe.endsWith('"') ? probe.slice(prefix.length, -1) : probe;
  return shown.startsWith('[MASKED_') ? shown : options.maskText(text);
}

/** `{ name: DB_PASSWORD, value: … }` as in a container's environment. */
function environmentEntry(value: Record<string, unknown>, options: StructureOptions): string | null {
  const { name, value: content } = value;
  if (typeof name !== 'string' || typeof content !== 'string') return null;
  const pattern = classifyKey(name);
  if (pattern === null || !options.enabled.has(pattern)) return null;
  return hideSecretText(content, name, options);
}

function maskArray(items: readonly unknown[], options: StructureOptions, depth: number): unknown[] {
  return items.map((item, index) => {
    const flag = items[index - 1];
    const isFlag = typeof flag === 'string' && /^--?[A-Za-z][A-Za-z0-9-]*$/.test(flag);
    if (isFlag && typeof item === 'string' && !item.startsWith('-'))
      return maskEntry(flag, item, options, depth);
    return maskStructure(item, options, depth + 1);
  });
}

function maskSecretItems(items: unknown, options: StructureOptions, depth: number): unknown {
  if (!Array.isArray(items)) return maskStructure(items, options, depth);
  return items.map((item: unknown) =>
    maskStructure(isRecord(item) ? { ...item, kind: 'Secret' } : item, options, depth + 1),
  );
}

/** Keys and empty values stay: that a key is missing or empty is what a diagnosis looks for. */
function hideLeaves(value: unknown, depth: number): unknown {
  if (value === null || value === undefined || value === '') return value;
  if (depth >= MAX_STRUCTURE_DEPTH) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((item: unknown) => hideLeaves(item, depth + 1));
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hideLeaves(item, depth + 1)]));
  }
  return placeholderFor('kubernetes_secret');
}
