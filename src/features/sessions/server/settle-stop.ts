import { storable } from '#src/lib/storable-text.ts';
import { resolveAlertMasking } from '#src/server/config/index.ts';
import { isConnectionError } from '#src/server/db/database.ts';
import { errorMessage } from '#src/server/errors.ts';
import { generaliseIdentifiers } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { createMasker } from '#src/server/masking/index.ts';
import { LeaseLostError } from './append-events.ts';
import { StopError } from './supervise-lease.ts';

/** An end that an interruption means. Errors are masked. */
export type StopEnd = { status: 'cancelled' } | { status: 'timed_out' | 'failed'; error: string };

/**
 * Settles a run (of a session, or of a follow-up) that was interrupted or failed: ends it when that is what the interruption
 * means, hands it back on a shutdown, and else leaves it to the next claim. Never throws.
 */
export async function settleStop(
  kernel: Kernel,
  options: {
    /** Of the run; its reason counts more than what was thrown because of it. */
    signal: AbortSignal | undefined;
    thrown: unknown;
    /** What the log calls it. */
    what: 'run' | 'follow-up';
    /** How a failure of ours begins, for people. */
    failed: string;
    finish(end: StopEnd): Promise<void>;
    release(): Promise<void>;
  },
): Promise<void> {
  const { log } = kernel;
  const { signal, thrown, what, finish, release } = options;
  const reason: unknown = signal?.aborted ? signal.reason : thrown;
  try {
    if (reason instanceof StopError) {
      switch (reason.why) {
        case 'cancelled':
          return await finish({ status: 'cancelled' });
        case 'timed_out':
          return await finish({ status: 'timed_out', error: reason.message });
        case 'shutdown':
          log.info(`${what} handed back: this worker is shutting down`);
          return await release();
        case 'lost':
          return log.warn(`${what} stopped: another worker has taken it over`);
      }
    }
    if (reason instanceof LeaseLostError) {
      return log.warn(`${what} stopped: another worker has taken it over`);
    }
    if (isConnectionError(reason)) {
      return log.warn(
        { err: reason },
        `${what} stopped: the database went away; it is resumed when the lease is stale`,
      );
    }
    log.error({ err: reason }, `${what} failed`);
    const config = kernel.config.current();
    // Without the session's own masking: that it cannot be read may be the reason.
    const said = createMasker(resolveAlertMasking(config)).text(errorMessage(reason));
    const error = storable(`${options.failed}: ${generaliseIdentifiers(config, said)}`);
    await finish({ status: 'failed', error });
  } catch (settleError) {
    // Nothing was written: the lease goes stale and the next claim settles it.
    log.warn({ err: settleError }, `the end of the ${what} could not be written`);
  }
}
