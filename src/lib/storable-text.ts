/** Text that PostgreSQL takes: without NUL and without half surrogate pairs. */
export const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** The same for every string and key inside a JSON value. */
export function storableJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (_key, inner: unknown) => storableEntry(inner)) ?? 'null');
}

function storableEntry(inner: unknown): unknown {
  if (typeof inner === 'string') return storable(inner);
  if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
  return Object.fromEntries(Object.entries(inner).map(([key, entry]) => [storable(key), entry]));
}
