import type { Config } from '../config/schema.ts';
import { compileFinder, type IdentifierFinder } from './find-identifiers.ts';

/** Patterns are compiled once per configuration. */
const finders = new WeakMap<Config, IdentifierFinder>();

/** Null when no identifiers are masked. */
export function finderOf(config: Config): IdentifierFinder | null {
  const { identifiers } = config.masking;
  if (!identifiers.enabled) return null;
  const finder = finders.get(config) ?? compileFinder(identifiers);
  finders.set(config, finder);
  return finder;
}
