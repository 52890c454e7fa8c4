import type { Principal } from '#src/server/auth/principal.ts';
import { AppError } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { RateLimiter } from './rate-limiter.ts';

const MILLISECONDS = 1_000;

/**
 * Refuses a delivery whose sender has used up `intake.rateLimit`; a payload counts once, however many alerts are in it. Throws
 * `too_many_requests` that says when to come again.
 */
export function admitDelivery(kernel: Kernel, limiter: RateLimiter, principal: Principal): void {
  const { rateLimit } = kernel.config.current().intake;
  if (!rateLimit) return;
  const { perMinute, burst = perMinute } = rateLimit;
  const waitMs = limiter.take(senderOf(principal), { perMinute, burst });
  if (waitMs === 0) return;
  throw new AppError(
    'too_many_requests',
    `More than ${perMinute} deliveries a minute; this one was not taken.`,
    {
      retryAfterSeconds: waitMs / MILLISECONDS,
    },
  );
}

/** Who shares a bucket: each key, person and signed webhook has its own. */
function senderOf(principal: Principal): string {
  switch (principal.kind) {
    case 'key':
      return `key:${principal.keyId}`;
    case 'user':
      return `user:${principal.userId}`;
    case 'webhook':
      return `webhook:${principal.projectId}:${principal.name}`;
  }
}
