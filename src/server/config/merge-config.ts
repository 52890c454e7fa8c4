import type { RawRecord } from './builtins.ts';
import { ENTRY_SECTIONS } from './schema.ts';

const entrySections: ReadonlySet<string> = new Set(ENTRY_SECTIONS);

export function isRecord(value: unknown): value is RawRecord {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/**
 * Lays a stronger document over a weaker one, to any depth. In sections of named entries (`agents`, `chains`, …) the same name
 * replaces the whole entry; others merge key by key; lists and scalars are replaced. An empty section (`agents:`) changes
 * nothing.
 */
export function mergeConfig(weaker: RawRecord, stronger: RawRecord, path = ''): RawRecord {
  const merged: RawRecord = { ...weaker };
  for (const [key, value] of Object.entries(stronger)) {
    const below = merged[key];
    const at = path === '' ? key : `${path}.${key}`;
    if (value === null || value === undefined) continue;
    if (!isRecord(below) || !isRecord(value)) merged[key] = value;
    else merged[key] = entrySections.has(at) ? { ...below, ...value } : mergeConfig(below, value, at);
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
