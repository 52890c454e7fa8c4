import { formatPeriod } from '#src/lib/format-duration.ts';
import { LlmError } from './llm-error.ts';
import type { LlmTimeouts } from './types.ts';

/**
 * Ends one try of a model call from outside: the caller's abort, no output for too long, or the deadline of the whole
 * call. A provider's stream may ignore its abort signal, so every wait goes through `race`.
 */
export type CallGuard = {
  /** For the SDK: aborts whenever the guard gives up. */
  signal: AbortSignal;
  /** The promise, or a rejection with the guard's `LlmError` as soon as it gives up. */
  race<T>(promise: PromiseLike<T>): Promise<T>;
  /** Output arrived: from now on the stall timeout counts, from zero. */
  noteOutput(): void;
  /** The reader works on a chunk: its time is not the provider's. Ends with the next `noteOutput`. */
  pauseIdle(): void;
  hasOutput(): boolean;
  /** Why the guard gave up, or undefined. */
  failure(): LlmError | undefined;
  /** Stops the timers and aborts what is still running. */
  dispose(): void;
};

export function createCallGuard(options: {
  parent: AbortSignal;
  timeouts: LlmTimeouts;
  /** On the clock of `Date.now()`. */
  deadlineAtMs: number;
}): CallGuard {
  const { parent, timeouts, deadlineAtMs } = options;
  const controller = new AbortController();
  let failure: LlmError | undefined;
  let hasOutput = false;
  let idleTimer: NodeJS.Timeout | undefined;
  const { promise: failed, reject } = Promise.withResolvers<never>();
  // Nobody may be waiting when the guard gives up.
  failed.catch(() => undefined);

  const giveUp = (error: LlmError): void => {
    if (failure !== undefined) return;
    failure = error;
    clearTimeout(idleTimer);
    clearTimeout(deadlineTimer);
    parent.removeEventListener('abort', onAbort);
    reject(error);
    controller.abort(error);
  };
  const onAbort = (): void =>
    giveUp(new LlmError('aborted', 'the call was cancelled', { cause: parent.reason }));
  const deadlineTimer = setTimeout(
    () => giveUp(new LlmError('timeout', `no complete answer within ${formatPeriod(timeouts.totalMs)}`)),
    Math.max(0, deadlineAtMs - Date.now()),
  );
  idleTimer = setTimeout(
    () =>
      giveUp(new LlmError('timeout_first_chunk', `no output within ${formatPeriod(timeouts.firstChunkMs)}`)),
    timeouts.firstChunkMs,
  );
  parent.addEventListener('abort', onAbort, { once: true });
  if (parent.aborted) onAbort();

  return {
    signal: controller.signal,
    race: (promise) => Promise.race([promise, failed]),
    noteOutput() {
      hasOutput = true;
      clearTimeout(idleTimer);
      if (failure !== undefined) return;
      idleTimer = setTimeout(
        () => giveUp(new LlmError('stalled', `no more output for ${formatPeriod(timeouts.stallMs)}`)),
        timeouts.stallMs,
      );
    },
    pauseIdle: () => clearTimeout(idleTimer),
    hasOutput: () => hasOutput,
    failure: () => failure,
    dispose() {
      clearTimeout(idleTimer);
      clearTimeout(deadlineTimer);
      parent.removeEventListener('abort', onAbort);
      controller.abort();
    },
  };
}
