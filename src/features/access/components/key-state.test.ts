import { expect, test } from 'vitest';
import { keyState } from './key-state.ts';

const now = Date.parse('2026-06-01T00:00:00Z');

test.each([
  [{ expiresAt: null, revokedAt: null }, 'valid'],
  [{ expiresAt: '2026-09-01T00:00:00Z', revokedAt: null }, 'valid'],
  [{ expiresAt: '2026-06-10T00:00:00Z', revokedAt: null }, 'ending'],
  [{ expiresAt: '2026-06-01T00:00:00Z', revokedAt: null }, 'expired'],
  [{ expiresAt: '2026-05-01T00:00:00Z', revokedAt: '2026-04-01T00:00:00Z' }, 'revoked'],
] as const)('%j is %s', (key, state) => {
  expect(keyState(key, now)).toBe(state);
});
