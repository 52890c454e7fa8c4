import type { FollowUpLane } from '#src/features/follow-ups/server/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { LANE_SLOTS } from './tunables.ts';

/** What the tasks of one worker process share. */
export type WorkerState = {
  kernel: Kernel;
  /** Id of this process in `worker_host` and in leases. */
  hostId: string;
  /** Sessions that this process runs now or is about to claim. */
  slotsTaken: number;
  /** The same for what follows the end of sessions. */
  laneSlotsTaken: Record<FollowUpLane, number>;
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

/** Whether this process may take one more follow-up of the lane. They take no slots of sessions. */
export const hasLaneCapacity = (state: WorkerState, lane: FollowUpLane): boolean =>
  !state.shutdown.aborted && state.laneSlotsTaken[lane] < LANE_SLOTS[lane];

/** Like `inSlot`, in one of the lane's slots. */
export async function inLaneSlot<T>(
  state: WorkerState,
  lane: FollowUpLane,
  work: () => Promise<T>,
): Promise<T | null> {
  if (!hasLaneCapacity(state, lane)) return null;
  state.laneSlotsTaken[lane] += 1;
  try {
    return await work();
  } finally {
    state.laneSlotsTaken[lane] -= 1;
  }
}
