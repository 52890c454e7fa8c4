import type { RetryPolicy } from './types.ts';

/**
 * Pause before the next try: what the provider asked for (`Retry-After`, never less, up to a tenth more so that
 * several sessions do not come back at once), else exponential back-off with full jitter (Brooker, "Exponential
 * Backoff And Jitter", AWS 2015).
 *
 * @param attempt number of the try that failed, from 1
 * @param random 0 ≤ random < 1
 * @returns milliseconds, or null when the provider asks for a longer pause than a call may wait
 */
export function computeRetryDelayMs(options: {
  attempt: number;
  retryAfterMs: number | undefined;
  policy: RetryPolicy;
  random: number;
}): number | null {
  const { attempt, retryAfterMs, policy, random } = options;
  if (retryAfterMs !== undefined) {
    if (retryAfterMs > policy.retryAfterMaxMs) return null;
    return Math.round(retryAfterMs * (1 + random / 10));
  }
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  return Math.round(random * ceiling);
}

/**
 * The pause that response headers ask for, in milliseconds: `retry-after-ms` (OpenAI), `retry-after` in seconds or as
 * an HTTP date. Undefined when there is none or it cannot be read.
 */
export function readRetryAfterMs(
  headers: Readonly<Record<string, string>> | undefined,
  nowMs: number,
): number | undefined {
  const milliseconds = Number.parseFloat(headers?.['retry-after-ms'] ?? '');
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
  const value = headers?.['retry-after']?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(value)) return Number.parseFloat(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
