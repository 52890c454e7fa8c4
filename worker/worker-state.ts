import type { Kernel } from '#src/server/kernel.ts';

/** What the tasks of one worker process share. */
export type WorkerState = {
  kernel: Kernel;
  /** Id of this process in `worker_host` and in leases. */
  hostId: string;
  /** Sessions that this process runs now or is about to claim. */
  slotsTaken: number;
  /** Aborts when the process shuts down. */
  shutdown: AbortSignal;
};

/** Whether this process may take one more session. */
export const hasCapacity = (state: WorkerState): boolean =>
  !state.shutdown.aborted && state.slotsTaken < state.kernel.config.current().queue.workerConcurrency;

/** Runs `work` in one of the slots for sessions; null when none is free. Taken before anything is claimed, so it is exact. */
export async function inSlot<T>(state: WorkerState, work: () => Promise<T>): Promise<T | null> {
  if (!hasCapacity(state)) return null;
  state.slotsTaken += 1;
  try {
    return await work();
  } finally {
    state.slotsTaken -= 1;
  }
}
