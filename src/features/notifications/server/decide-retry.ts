import type { DeliveryFailure } from './destination/delivery-error.ts';
import { DELIVERY_WINDOW_MS, PUT_OFF_MAX, RATE_LIMIT_MAX_PAUSE_MS, RATE_LIMIT_PAUSE_MS } from './tunables.ts';

export type Retry =
  | { next: 'give_up'; reason: string }
  /** By the queue, after its own growing pause. */
  | { next: 'throw' }
  /** At the time that the other side names; this costs none of the queue's attempts. */
  | { next: 'later'; afterMs: number };

/** What follows a failed attempt. `attempts` counts all of this message, this one too. */
export function decideRetry(options: {
  failure: DeliveryFailure;
  isLastAttempt: boolean;
  attempts: number;
  ageMs: number;
}): Retry {
  const { failure, isLastAttempt, attempts, ageMs } = options;
  const giveUp = (why: string): Retry => ({ next: 'give_up', reason: `${why}${failure.message}` });
  if (failure.kind === 'refused') return giveUp('');
  if (ageMs > DELIVERY_WINDOW_MS) return giveUp('too old to be sent any more: ');
  const namesTime = failure.kind === 'rate_limited' || failure.retryAfterMs !== undefined;
  if (namesTime && attempts < PUT_OFF_MAX) {
    const afterMs = Math.min(failure.retryAfterMs ?? RATE_LIMIT_PAUSE_MS, RATE_LIMIT_MAX_PAUSE_MS);
    return { next: 'later', afterMs };
  }
  return isLastAttempt ? giveUp('') : { next: 'throw' };
}
