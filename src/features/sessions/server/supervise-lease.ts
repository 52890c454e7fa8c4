import type { Kernel } from '#src/server/kernel.ts';
import { LEASE_HEARTBEAT_MS, LEASE_STALE_MS } from './tunables.ts';

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

/** Runs of this process, sessions and follow-ups by id, that can be stopped at once when somebody cancels them. */
const running = new Map<string, AbortController>();

/** Hears of a cancellation (see `CANCEL_CHANNEL`); runs of other workers are not ours to stop. */
export function cancelRunning(id: string): void {
  running.get(id)?.abort(new StopError('cancelled', 'cancelled'));
}

export type SupervisedRun = { signal: AbortSignal; close(): Promise<void> };

/**
 * Watches over a run: beats its lease, and aborts `signal` when it is cancelled, exceeds its time, is taken over, or the
 * worker shuts down. A database that does not answer for as long as a lease lives means that it may be lost.
 */
export async function superviseLease(
  kernel: Kernel,
  options: {
    /** What a cancellation names. */
    id: string;
    beat: () => Promise<'held' | 'cancelling' | 'lost'>;
    remainingMs: number;
    /** What is said when that time is over. */
    timedOut: string;
    shutdown: AbortSignal;
  },
): Promise<SupervisedRun> {
  const { id, shutdown } = options;
  const controller = new AbortController();
  const stop = (why: StopReason, message: string) => controller.abort(new StopError(why, message));
  running.set(id, controller);

  let lastBeat = Date.now();
  let beating: Promise<void> = Promise.resolve();
  const beat = async () => {
    try {
      const state = await options.beat();
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
  const deadline = setTimeout(() => stop('timed_out', options.timedOut), Math.max(0, options.remainingMs));
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
      running.delete(id);
      await beating;
    },
  };
}
