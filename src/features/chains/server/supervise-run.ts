import {
  beatLease,
  CANCEL_CHANNEL,
  type Claim,
  LEASE_HEARTBEAT_MS,
  LEASE_STALE_MS,
} from '#src/features/sessions/server/index.ts';
import type { Kernel } from '#src/server/kernel.ts';

export type StopReason = 'cancelled' | 'timed_out' | 'shutdown' | 'lost';

/** Why a run was stopped from outside; the reason of the run's abort signal. */
export class StopError extends Error {
  override name = 'StopError';
  readonly why: StopReason;
  constructor(why: StopReason, message: string) {
    super(message);
    this.why = why;
  }
}

/** Sessions of this process that can be stopped at once when somebody cancels them. */
const running = new Map<string, AbortController>();

/** Hears of a cancellation (see `CANCEL_CHANNEL`); sessions of other workers are not ours to stop. */
export function cancelRunning(sessionId: string): void {
  running.get(sessionId)?.abort(new StopError('cancelled', 'cancelled'));
}

export { CANCEL_CHANNEL };

export type SupervisedRun = { signal: AbortSignal; close(): Promise<void> };

/**
 * Watches over a run: beats its lease, and aborts `signal` when the session is cancelled, exceeds its time, is taken over,
 * or the worker shuts down. A database that does not answer for as long as a lease lives means that it may be lost.
 * Throws, and watches nothing, when the database is not there.
 */
export async function superviseRun(
  kernel: Kernel,
  options: { claim: Claim; shutdown: AbortSignal },
): Promise<SupervisedRun> {
  const { claim, shutdown } = options;
  const { remainingMs, limitMs } = await timeLeft(kernel, claim.sessionId);
  const controller = new AbortController();
  const stop = (why: StopReason, message: string) => controller.abort(new StopError(why, message));
  running.set(claim.sessionId, controller);

  let lastBeat = Date.now();
  let beating: Promise<void> = Promise.resolve();
  const beat = async () => {
    try {
      const state = await beatLease(kernel.database.pool, claim);
      lastBeat = Date.now();
      if (state === 'lost') stop('lost', 'the lease was lost');
      if (state === 'cancelling') stop('cancelled', 'cancelled');
    } catch (error) {
      kernel.log.warn({ err: error }, 'lease not renewed');
      if (Date.now() - lastBeat > LEASE_STALE_MS) stop('lost', 'the lease could not be renewed');
    }
  };
  const heartbeat = setInterval(() => {
    beating = beating.then(beat);
  }, LEASE_HEARTBEAT_MS);
  const deadline = setTimeout(
    () => stop('timed_out', `The session exceeded its time limit of ${Math.round(limitMs / 1000)} s.`),
    Math.max(0, remainingMs),
  );
  const onShutdown = () => stop('shutdown', 'the worker is shutting down');
  if (shutdown.aborted) onShutdown();
  shutdown.addEventListener('abort', onShutdown, { once: true });
  // Before anything is done: somebody may have cancelled between the claim and now, or before the last worker died.
  beating = beat();
  await beating;

  return {
    signal: controller.signal,
    async close() {
      clearInterval(heartbeat);
      clearTimeout(deadline);
      shutdown.removeEventListener('abort', onShutdown);
      running.delete(claim.sessionId);
      await beating;
    },
  };
}

async function timeLeft(
  kernel: Kernel,
  sessionId: string,
): Promise<{ remainingMs: number; limitMs: number }> {
  const limitMs = kernel.config.current().queue.sessionTimeout;
  const { rows } = await kernel.database.pool.query<{ elapsed: number }>(
    'select extract(epoch from now() - started_at)::float * 1000 as elapsed from session where id = $1',
    [sessionId],
  );
  return { remainingMs: limitMs - (rows[0]?.elapsed ?? 0), limitMs };
}
