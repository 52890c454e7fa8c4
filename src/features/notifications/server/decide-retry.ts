import type { SlackFailure } from './slack/classify-slack-error.ts';
import { DELIVERY_WINDOW_MS, RATE_LIMIT_MAX_PAUSE_MS, RATE_LIMIT_PAUSE_MS } from './tunables.ts';

export type Retry =
  | { next: 'give_up'; reason: string }
  /** By the queue, after its own growing pause. */
  | { next: 'throw' }
  /** At the time that Slack names; this costs no attempt. */
  | { next: 'later'; afterMs: number };

/** What follows a failed attempt. */
export function decideRetry(options: {
  failure: SlackFailure;
  isLastAttempt: boolean;
  ageMs: number;
}): Retry {
  const { failure, isLastAttempt, ageMs } = options;
  if (failure.kind === 'refused') return { next: 'give_up', reason: failure.message };
  if (ageMs > DELIVERY_WINDOW_MS)
    return { next: 'give_up', reason: `too old to be sent any more: ${failure.message}` };
  if (failure.kind === 'rate_limited') {
    const afterMs = Math.min(failure.retryAfterMs ?? RATE_LIMIT_PAUSE_MS, RATE_LIMIT_MAX_PAUSE_MS);
    return { next: 'later', afterMs };
  }
  return isLastAttempt ? { next: 'give_up', reason: failure.message } : { next: 'throw' };
}
