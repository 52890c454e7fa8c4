import type { Task } from 'graphile-worker';
import { runSession } from '#src/features/chains/server/index.ts';
import { claimNextSession, runSessionJob, takeOverSession } from '#src/features/sessions/server/index.ts';
import { inSlot, type WorkerState } from '../worker-state.ts';

/**
 * Runs the named session if it has lost its worker, else the oldest pending one; then goes on with the next as long as there
 * are any and capacity lasts. A job that finds nothing to do just ends: whoever finishes a session, and every sweep, look
 * for pending ones again.
 */
export const runSessionTask =
  (state: WorkerState): Task =>
  async (payload) => {
    const { sessionId } = runSessionJob.payload.parse(payload);
    await inSlot(state, () => takeOver(state, sessionId));
    while (await inSlot(state, () => runNext(state)));
  };

async function takeOver(state: WorkerState, sessionId: string): Promise<void> {
  const { kernel, hostId, shutdown } = state;
  const claim = await takeOverSession(kernel.database, { workerId: hostId, sessionId });
  if (claim) await runSession(kernel, { claim, shutdown });
}

/** Returns whether there was one to run. */
async function runNext(state: WorkerState): Promise<boolean> {
  const { kernel, hostId, shutdown } = state;
  const { maxRunningSessions } = kernel.config.current().queue;
  const claim = await claimNextSession(kernel.database, { workerId: hostId, maxRunning: maxRunningSessions });
  if (claim) await runSession(kernel, { claim, shutdown });
  return claim !== null;
}
