import { isDurationAt } from './describe-schema.ts';
import { writeDuration } from './value-schemas.ts';

/** A parsed configuration with its durations as one would write them in a file; all else as it is. */
export const writeDurations = (config: Readonly<Record<string, unknown>>): unknown => walk(config, []);

function walk(value: unknown, path: readonly (string | number)[]): unknown {
  if (typeof value === 'number') return isDurationAt(path) ? writeDuration(value) : value;
  if (Array.isArray(value)) return value.map((item: unknown, index) => walk(item, [...path, index]));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
}
