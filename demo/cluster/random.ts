import { createHash } from 'node:crypto';

/**
 * Chance without hidden state: every value is a hash of the seed and a key, so the same seed and the same
 * history give the same names, addresses, latencies and log lines, in whatever order they are asked for.
 */

/** A number in [0, 1) for a key (FNV-1a with a final avalanche; quality is ample for noise). */
export function noise(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) {
    hash ^= key.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 4294967296;
}

/** Hexadecimal digest of a key, `length` digits. */
export function hexDigest(key: string, length: number): string {
  return createHash('sha256').update(key).digest('hex').slice(0, length);
}

/** The alphabet of Kubernetes' generated names: no vowels, nothing easily confused. */
const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A generated suffix such as `x7k2p`, stable for a key. */
export function nameSuffix(key: string, length = 5): string {
  const digest = createHash('sha256').update(key).digest();
  let text = '';
  for (let i = 0; i < length; i++) text += NAME_ALPHABET[(digest[i] ?? 0) % NAME_ALPHABET.length] ?? 'x';
  return text;
}

/** A version 4 shaped UUID, stable for a key. */
export function uidFor(key: string): string {
  const hex = hexDigest(key, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
