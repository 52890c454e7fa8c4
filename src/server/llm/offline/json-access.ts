/** Reading of parsed YAML and JSON of unknown shape: every accessor answers with an empty value instead of throwing. */

/** Narrows to an object with string keys; arrays and null are not objects here. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of keys, or undefined. */
export function dig(value: unknown, ...path: string[]): unknown {
  let current = value;
  for (const key of path) {
    if (!isRecord(current)) return undefined;
    current = Object.hasOwn(current, key) ? current[key] : undefined;
  }
  return current;
}

/** The text at a path; numbers, booleans and dates become text, everything else is `''`. */
export function str(value: unknown, ...path: string[]): string {
  const found = dig(value, ...path);
  if (typeof found === 'string') return found;
  if (typeof found === 'number' || typeof found === 'boolean') return String(found);
  return found instanceof Date ? found.toISOString() : '';
}

/** The number at a path, or undefined. */
export function num(value: unknown, ...path: string[]): number | undefined {
  const found = dig(value, ...path);
  if (typeof found === 'number' && Number.isFinite(found)) return found;
  if (typeof found === 'string' && /^-?\d+(\.\d+)?$/.test(found)) return Number(found);
  return undefined;
}

/** The array at a path, or an empty one. */
export function list(value: unknown, ...path: string[]): unknown[] {
  const found = dig(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The object of texts at a path (labels, selectors), leaving out what is not text. */
export function texts(value: unknown, ...path: string[]): Record<string, string> {
  const found = dig(value, ...path);
  if (!isRecord(found)) return {};
  return Object.fromEntries(Object.keys(found).map((key) => [key, str(found, key)]));
}
