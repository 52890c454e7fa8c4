import type { Task } from 'graphile-worker';
import {
  claimFollowUp,
  type FollowUpHandlers,
  type FollowUpLane,
  findPendingFollowUp,
  locateFollowUp,
  runFollowUp,
  runFollowUpJob,
  takeOverFollowUp,
} from '#src/features/follow-ups/server/index.ts';
import { inLaneSlot, type WorkerState } from '../worker-state.ts';

/**
 * Runs the named follow-up if it has lost its worker, else the oldest of its lane that may start; then goes on with the next
 * as long as there are any and capacity lasts. A job that finds nothing to do just ends, as those of sessions do.
 */
export const runFollowUpTask =
  (state: WorkerState, handlers: FollowUpHandlers): Task =>
  async (payload) => {
    const { followUpId } = runFollowUpJob.payload.parse(payload);
    const place = await locateFollowUp(state.kernel.database.pool, followUpId);
    if (!place) return;
    await inLaneSlot(state, place.lane, () => takeOver(state, handlers, followUpId));
    while (await inLaneSlot(state, place.lane, () => runNext(state, handlers, place.lane)));
  };

async function takeOver(state: WorkerState, handlers: FollowUpHandlers, followUpId: string): Promise<void> {
  const { kernel, hostId, shutdown } = state;
  const claim = await takeOverFollowUp(kernel.database, { workerId: hostId, followUpId });
  if (claim) await runFollowUp(kernel, { claim, handlers, shutdown });
}

/** Returns whether there was one, also when another worker was faster: there may be more. */
async function runNext(state: WorkerState, handlers: FollowUpHandlers, lane: FollowUpLane): Promise<boolean> {
  const { kernel, hostId, shutdown } = state;
  const followUpId = await findPendingFollowUp(kernel.database.pool, lane);
  if (followUpId === null) return false;
  const claim = await claimFollowUp(kernel.database, { workerId: hostId, followUpId });
  if (claim) await runFollowUp(kernel, { claim, handlers, shutdown });
  return true;
}
