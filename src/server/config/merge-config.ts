import type { RawRecord } from './builtins.ts';
import { ENTRY_SECTIONS } from './schema.ts';

const entrySections: ReadonlySet<string> = new Set(ENTRY_SECTIONS);

export function isRecord(value: unknown): value is RawRecord {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Settings merge key by key to any depth; lists and scalars of the stronger side replace the weaker's. */
function mergeSettings(weaker: unknown, stronger: unknown): unknown {
  if (stronger === null || stronger === undefined) return weaker;
  if (!isRecord(weaker) || !isRecord(stronger)) return stronger;
  const merged: RawRecord = { ...weaker };
  for (const [key, value] of Object.entries(stronger)) merged[key] = mergeSettings(merged[key], value);
  return merged;
}

/**
 * Lays a stronger document over a weaker one. In sections of named entries (`agents`, `chains`, …) the same name
 * replaces the whole entry; other sections merge key by key. An empty section (`agents:`) changes nothing.
 */
export function mergeConfig(weaker: RawRecord, stronger: RawRecord): RawRecord {
  const merged: RawRecord = { ...weaker };
  for (const [section, value] of Object.entries(stronger)) {
    const below = merged[section];
    if (entrySections.has(section) && isRecord(below) && isRecord(value))
      merged[section] = { ...below, ...value };
    else merged[section] = mergeSettings(below, value);
    if (merged[section] === undefined) delete merged[section];
  }
  return merged;
}

/** A user's chain takes an alert type away from a built-in chain instead of colliding with it. */
export function releaseAlertTypes(builtins: RawRecord, user: RawRecord): RawRecord {
  const chains = builtins.chains;
  const userChains = user.chains;
  if (!isRecord(chains) || !isRecord(userChains)) return builtins;
  const taken = new Set(Object.values(userChains).flatMap(alertTypesOf));
  const released = Object.entries(chains).map(([name, chain]) => [
    name,
    isRecord(chain)
      ? { ...chain, alertTypes: alertTypesOf(chain).filter((type) => !taken.has(type)) }
      : chain,
  ]);
  return { ...builtins, chains: Object.fromEntries(released) };
}

function alertTypesOf(chain: unknown): unknown[] {
  const types = isRecord(chain) ? chain.alertTypes : undefined;
  return Array.isArray(types) ? types : [];
}
