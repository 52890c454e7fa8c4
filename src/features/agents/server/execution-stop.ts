/** Why one execution is stopped while its session goes on; the reason of its own abort signal. */
export class ExecutionStop extends Error {
  override name = 'ExecutionStop';
  readonly status: 'cancelled' | 'timed_out';
  constructor(status: 'cancelled' | 'timed_out', message: string) {
    super(message);
    this.status = status;
  }
}

/** A signal that stops an execution when `stop` is called, or after a limit of which some is used already. */
export function createStopper(): {
  signal: AbortSignal;
  stop(why: string): void;
  limit(limitMs: number, usedMs: number): void;
  done(): void;
} {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: controller.signal,
    stop: (why) => controller.abort(new ExecutionStop('cancelled', why)),
    limit(limitMs, usedMs) {
      const seconds = Math.round(limitMs / 1000);
      const end = () =>
        controller.abort(new ExecutionStop('timed_out', `It exceeded its time limit of ${seconds} s.`));
      timer = setTimeout(end, Math.max(0, limitMs - usedMs));
    },
    done: () => clearTimeout(timer),
  };
}
