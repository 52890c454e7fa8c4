import type { Task } from 'graphile-worker';
import { runSession } from '#src/features/chains/server/index.ts';
import {
  type Claim,
  claimNextSession,
  runSessionJob,
  takeOverSession,
} from '#src/features/sessions/server/index.ts';
import { hasCapacity, type WorkerState } from '../worker-state.ts';

/**
 * Runs the named session if it has lost its worker, else the oldest pending one; then goes on with the next as long as there
 * are any and capacity lasts. A job that finds nothing to do just ends: whoever finishes a session, and every sweep, look
 * for pending ones again.
 */
export const runSessionTask =
  (state: WorkerState): Task =>
  async (payload) => {
    const { sessionId } = runSessionJob.payload.parse(payload);
    const { kernel, hostId } = state;
    if (!hasCapacity(state)) return;
    const takenOver = await takeOverSession(kernel.database, { workerId: hostId, sessionId });
    if (takenOver) await run(state, takenOver);
    while (hasCapacity(state)) {
      const claim = await claimNextSession(kernel.database, {
        workerId: hostId,
        maxRunning: kernel.config.current().queue.maxRunningSessions,
      });
      if (!claim) return;
      await run(state, claim);
    }
  };

async function run(state: WorkerState, claim: Claim): Promise<void> {
  state.running.add(claim.sessionId);
  try {
    await runSession(state.kernel, { claim, shutdown: state.shutdown });
  } finally {
    state.running.delete(claim.sessionId);
  }
}
