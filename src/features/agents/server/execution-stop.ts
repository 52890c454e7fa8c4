/** Why one execution is stopped while its session goes on; the reason of its own abort signal. */
export class ExecutionStop extends Error {
  override name = 'ExecutionStop';
  readonly status: 'cancelled' | 'timed_out';
  constructor(status: 'cancelled' | 'timed_out', message: string) {
    super(message);
    this.status = status;
  }
}

/** A signal that stops an execution after `limitMs`, or when `stop` is called. */
export function createStopper(limitMs?: number): {
  signal: AbortSignal;
  stop(why: string): void;
  done(): void;
} {
  const controller = new AbortController();
  const timer =
    limitMs === undefined
      ? undefined
      : setTimeout(() => {
          const seconds = Math.round(limitMs / 1000);
          controller.abort(new ExecutionStop('timed_out', `It exceeded its time limit of ${seconds} s.`));
        }, limitMs);
  return {
    signal: controller.signal,
    stop: (why) => controller.abort(new ExecutionStop('cancelled', why)),
    done: () => clearTimeout(timer),
  };
}
