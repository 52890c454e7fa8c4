import {
  beatLease,
  type Claim,
  type SupervisedRun,
  superviseLease,
} from '#src/features/sessions/server/index.ts';
import type { Kernel } from '#src/server/kernel.ts';

/**
 * Watches over the run of a session, see `superviseLease`. Throws, and watches nothing, when the database is not there.
 */
export async function superviseRun(
  kernel: Kernel,
  options: { claim: Claim; shutdown: AbortSignal },
): Promise<SupervisedRun> {
  const { claim, shutdown } = options;
  const { remainingMs, limitMs } = await timeLeft(kernel, claim.sessionId);
  return superviseLease(kernel, {
    id: claim.sessionId,
    beat: () => beatLease(kernel.database.pool, claim),
    remainingMs,
    timedOut: `The session exceeded its time limit of ${Math.round(limitMs / 1000)} s.`,
    shutdown,
  });
}

async function timeLeft(
  kernel: Kernel,
  sessionId: string,
): Promise<{ remainingMs: number; limitMs: number }> {
  // What it waited for people does not count.
  const limitMs = kernel.config.current().queue.sessionTimeout;
  const { rows } = await kernel.database.pool.query<{ elapsed: number }>(
    'select extract(epoch from now() - started_at)::float * 1000 - waited_ms as elapsed from session where id = $1',
    [sessionId],
  );
  return { remainingMs: limitMs - (rows[0]?.elapsed ?? 0), limitMs };
}
