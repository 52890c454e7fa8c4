import type { LlmErrorCode } from './llm-error.ts';

/** How one call of this execution ended, oldest first. */
export type CallOutcome =
  | { provider: string; ok: true }
  | { provider: string; ok: false; code: LlmErrorCode; retriesExhausted: boolean };

export type FallbackReason = 'credentials' | 'retries_exhausted' | 'repeated_failures';
export type FallbackDecision = { from: string; to: string; reason: FallbackReason; code: LlmErrorCode };

/** So many failures in a row that no repeat of the same request explains. */
const REPEATED_FAILURES = 2;

/**
 * Whether a failure speaks against the provider. A loop, an empty answer or an overflow comes from the conversation
 * and is answered by changing it; an abort is ours.
 */
const countsAgainstProvider: Record<LlmErrorCode, boolean> = {
  rate_limited: true,
  overloaded: true,
  server_error: true,
  credentials: true,
  invalid_request: true,
  context_overflow: false,
  timeout_first_chunk: true,
  stalled: true,
  timeout: true,
  cut_stream: true,
  empty: false,
  loop: false,
  network: true,
  aborted: false,
};

/**
 * Decides after a failed call whether the execution changes its provider, and to which. At once for refused
 * credentials and for exhausted retries, after two failures in a row otherwise. Sticky: a provider that was left is
 * not returned to in this execution.
 *
 * @returns null when the current provider stays (also when no other is left)
 */
export function decideFallback(options: {
  current: string;
  /** `fallbackProviders` of the configuration, in order. */
  fallbacks: readonly string[];
  outcomes: readonly CallOutcome[];
}): FallbackDecision | null {
  const { current, fallbacks, outcomes } = options;
  const last = outcomes.at(-1);
  if (last === undefined || last.ok || last.provider !== current || !countsAgainstProvider[last.code])
    return null;
  const reason = findReason(current, outcomes, last);
  if (reason === null) return null;
  const used = new Set([current, ...outcomes.map((outcome) => outcome.provider)]);
  const next = fallbacks.find((name) => !used.has(name));
  return next === undefined ? null : { from: current, to: next, reason, code: last.code };
}

function findReason(
  current: string,
  outcomes: readonly CallOutcome[],
  last: Extract<CallOutcome, { ok: false }>,
): FallbackReason | null {
  if (last.code === 'credentials') return 'credentials';
  if (last.retriesExhausted) return 'retries_exhausted';
  let inARow = 0;
  for (const outcome of outcomes.toReversed()) {
    if (outcome.provider !== current || outcome.ok) break;
    if (countsAgainstProvider[outcome.code]) inARow += 1;
  }
  return inARow >= REPEATED_FAILURES ? 'repeated_failures' : null;
}
