import { PLACEHOLDER_ALPHABET, PLACEHOLDER_CODE_CHARS } from '#src/lib/identifier-placeholders.ts';
import type { SecretBox } from '../crypto.ts';

/**
 * What stands for a value. Computed, not counted: within a scope (the alert) every process comes to the same placeholder for
 * the same value without asking another, a mistyped one meets nothing, and nobody outside can work out a placeholder.
 */
export function placeholderOf(
  secrets: SecretBox,
  { scope, kind, value }: { scope: string; kind: string; value: string },
): string {
  const digest = secrets.digest('identifier', scope, kind, value);
  const code = Array.from(
    { length: PLACEHOLDER_CODE_CHARS },
    (_, index) => PLACEHOLDER_ALPHABET[(digest[index] ?? 0) % PLACEHOLDER_ALPHABET.length],
  ).join('');
  return `[${kind}_${code}]`;
}

/** The same for a value in all sessions; for finding those that speak of it. */
export const lookUpDigest = (secrets: SecretBox, kind: string, value: string): Buffer =>
  secrets.digest('identifier-lookup', kind, value);
