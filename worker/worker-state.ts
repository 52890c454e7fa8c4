import type { Kernel } from '#src/server/kernel.ts';

/** What the tasks of one worker process share. */
export type WorkerState = {
  kernel: Kernel;
  /** Id of this process in `worker_host` and in leases. */
  hostId: string;
  /** Sessions that this process runs now. */
  running: Set<string>;
  /** Aborts when the process shuts down. */
  shutdown: AbortSignal;
};

/** Whether this process may take one more session. */
export const hasCapacity = (state: WorkerState): boolean =>
  !state.shutdown.aborted && state.running.size < state.kernel.config.current().queue.workerConcurrency;
