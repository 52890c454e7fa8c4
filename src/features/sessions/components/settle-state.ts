import { isTerminal, type RunStatus, type TimelineItem } from '../schema.ts';
import type { SessionState } from '../session-state.ts';

/**
 * The state as it is shown: once a session has ended nothing of its run goes on, whatever the log says. Should a crash have
 * left an entry, a stage or an execution open, it shows as cut off, without a clock that runs for ever. What follows the end
 * (an answer in the chat, a score) has an end of its own.
 */
export function settleState(state: SessionState): SessionState {
  const { session, items } = state;
  if (!isTerminal(session.status)) return state;
  const end = session.completedAt;
  const settle = <T extends { status: RunStatus; completedAt: string | null }>(run: T): T =>
    isTerminal(run.status) ? run : { ...run, status: 'cancelled', completedAt: run.completedAt ?? end };
  const following = new Set(session.stages.flatMap(({ id, followUpId }) => (followUpId ? [id] : [])));
  const isLeftOpen = ({ status, stageId }: TimelineItem) =>
    (status === 'streaming' || status === 'waiting') && !(stageId !== null && following.has(stageId));
  return {
    ...state,
    session: {
      ...session,
      stages: session.stages.map((stage) =>
        following.has(stage.id) ? stage : { ...settle(stage), executions: stage.executions.map(settle) },
      ),
    },
    items: items.some(isLeftOpen)
      ? items.map((item) =>
          isLeftOpen(item)
            ? { ...item, status: 'cancelled', completedAt: item.completedAt ?? end ?? item.startedAt }
            : item,
        )
      : items,
  };
}
