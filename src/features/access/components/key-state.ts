import type { ApiKeyView } from '../schema.ts';

export type KeyState = 'valid' | 'ending' | 'expired' | 'revoked';

/** So long before its end somebody should make the next one. */
const ENDING_MS = 14 * 24 * 3_600_000;

export function keyState(key: Pick<ApiKeyView, 'expiresAt' | 'revokedAt'>, nowMs: number): KeyState {
  if (key.revokedAt) return 'revoked';
  if (!key.expiresAt) return 'valid';
  const leftMs = Date.parse(key.expiresAt) - nowMs;
  if (leftMs <= 0) return 'expired';
  return leftMs < ENDING_MS ? 'ending' : 'valid';
}
