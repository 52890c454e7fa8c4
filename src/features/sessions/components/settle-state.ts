import { isTerminal, type RunStatus } from '../schema.ts';
import type { SessionState } from '../session-state.ts';

/**
 * The state as it is shown: once a session has ended nothing in it goes on, whatever the log says. Should a crash have left
 * an entry, a stage or an execution open, it shows as cut off, without a clock that runs for ever.
 */
export function settleState(state: SessionState): SessionState {
  const { session, items } = state;
  if (!isTerminal(session.status)) return state;
  const end = session.completedAt;
  const settle = <T extends { status: RunStatus; completedAt: string | null }>(run: T): T =>
    isTerminal(run.status) ? run : { ...run, status: 'cancelled', completedAt: run.completedAt ?? end };
  const open = items.some(({ status }) => status === 'streaming' || status === 'waiting');
  return {
    ...state,
    session: {
      ...session,
      stages: session.stages.map((stage) => ({
        ...settle(stage),
        executions: stage.executions.map(settle),
      })),
    },
    items: open
      ? items.map((item) =>
          item.status === 'streaming' || item.status === 'waiting'
            ? { ...item, status: 'cancelled', completedAt: item.completedAt ?? end ?? item.startedAt }
            : item,
        )
      : items,
  };
}
