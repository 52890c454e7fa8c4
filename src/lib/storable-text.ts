import { showControls } from './show-controls.ts';

/**
 * Text as it is kept: without what PostgreSQL does not take (NUL, half surrogate pairs), and with control, direction and
 * invisible characters shown instead of obeyed, so that no page, terminal, message or prompt that it comes to is misled.
 */
export const storable = (text: string): string => showControls(text.replaceAll('\0', '').toWellFormed());

/** The same for every string and key inside a JSON value. */
export function storableJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (_key, inner: unknown) => storableEntry(inner)) ?? 'null');
}

function storableEntry(inner: unknown): unknown {
  if (typeof inner === 'string') return storable(inner);
  if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
  return Object.fromEntries(Object.entries(inner).map(([key, entry]) => [storable(key), entry]));
}

/** The first `maxChars` characters at most (UTF-16 units), without cutting a surrogate pair in two. */
export const headOf = (text: string, maxChars: number): string => text.slice(0, cutBefore(text, maxChars));

/** The last `maxChars` characters at most, without cutting a surrogate pair in two. */
export function tailOf(text: string, maxChars: number): string {
  const start = Math.max(0, text.length - maxChars);
  return text.slice(isInsidePair(text, start) ? start + 1 : start);
}

/** The nearest place at or before `at` where a text may be cut without halving a surrogate pair. */
export const cutBefore = (text: string, at: number): number => (isInsidePair(text, at) ? at - 1 : at);

const isInsidePair = (text: string, at: number): boolean =>
  /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at));
