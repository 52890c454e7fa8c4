import type { DeliveryFailure } from './delivery-error.ts';

/** An HTTP answer other than 2xx as what follows from it. `said` is the service's own reason, if it gave one. */
export function classifyAnswer(options: {
  service: string;
  status: number;
  retryAfter: string | null;
  said: string;
  nowMs: number;
}): DeliveryFailure {
  const { service, status, retryAfter, said, nowMs } = options;
  const retryAfterMs = parseRetryAfter(retryAfter, nowMs);
  const wait = retryAfterMs === null ? {} : { retryAfterMs };
  if (status === 429)
    return { kind: 'rate_limited', message: `${service} asks to wait (rate limit)`, ...wait };
  const message = `${service} answered with HTTP ${status}${said === '' ? '' : `: ${said}`}`;
  if (status >= 500) return { kind: 'unknown', message, ...wait };
  if (status === 408 || status === 425) return { kind: 'unknown', message };
  // A redirect is not followed: what is sent is for the configured host alone.
  return { kind: 'refused', message };
}

/** `Retry-After` in seconds or as a date; null without one that can be read. */
function parseRetryAfter(value: string | null, nowMs: number): number | null {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
