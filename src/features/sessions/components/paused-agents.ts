import type { RunStatusName } from '#src/components/run-status.tsx';
import type { ExecutionView, PendingApproval } from '../schema.ts';

/** Executions that wait for somebody to say whether they go on. */
export const pausedAgents = (
  pending: readonly Pick<PendingApproval, 'kind' | 'executionId'>[],
): ReadonlySet<string> =>
  new Set(pending.flatMap(({ kind, executionId }) => (kind === 'pause' ? [executionId] : [])));

/** How an agent stands, for people: one that waits at its limit is paused. */
export const shownStatus = (
  { id, status }: Pick<ExecutionView, 'id' | 'status'>,
  paused: ReadonlySet<string>,
): RunStatusName => (status === 'waiting' && paused.has(id) ? 'paused' : status);
