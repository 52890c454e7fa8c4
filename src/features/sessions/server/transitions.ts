import { AppError } from '#src/server/errors.ts';
import type { RunStatus } from '../schema.ts';

/**
 * The state machine of sessions, stages and executions. Terminal states have no way out. A run that waits goes back to
 * `pending`, so that its slot is claimed like any other.
 */
export const transitions: Record<RunStatus, readonly RunStatus[]> = {
  pending: ['running', 'cancelled', 'failed'],
  running: ['waiting', 'cancelling', 'completed', 'failed', 'timed_out', 'cancelled'],
  waiting: ['pending', 'cancelled', 'failed', 'timed_out'],
  cancelling: ['cancelled', 'failed'],
  completed: [],
  failed: [],
  timed_out: [],
  cancelled: [],
};

/** The states from which `to` may be reached, for compare-and-set in SQL. */
export const sourcesOf = (to: RunStatus): RunStatus[] =>
  (Object.keys(transitions) as RunStatus[]).filter((from) => transitions[from].includes(to));

/** What cancelling means in each state; throws `conflict` where there is nothing to cancel. `what` is told to people. */
export function cancelTarget(status: RunStatus, what = 'session'): 'cancelled' | 'cancelling' {
  switch (status) {
    case 'pending':
    case 'waiting':
      return 'cancelled';
    case 'running':
    case 'cancelling':
      return 'cancelling';
    case 'completed':
    case 'failed':
    case 'timed_out':
    case 'cancelled':
      throw new AppError('conflict', `The ${what} has already ended (${status}).`);
  }
}
