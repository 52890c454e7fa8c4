import { formatQuantity } from '#src/lib/format-number.ts';
import type { SessionView } from '../../schema.ts';

type Progress = Pick<
  SessionView,
  'status' | 'queuePosition' | 'stages' | 'plannedStages' | 'pendingApprovals'
>;

/** Where the run stands, in words: "stage 1 of 2 · look", "number 3 in the queue", "2 stages"; and for whom it waits. */
export function describeProgress(session: Progress): string {
  const waiting = session.pendingApprovals.length;
  const place = describePlace(session);
  return waiting > 0 ? `${place} · ${formatQuantity(waiting, 'decision')} to make` : place;
}

function describePlace(session: Progress): string {
  if (session.status === 'pending') {
    return session.queuePosition === null ? 'in the queue' : `number ${session.queuePosition} in the queue`;
  }
  // Answers and scores come after the run; they are no part of how far it got.
  const stages = session.stages.filter(({ followUpId }) => !followUpId);
  const planned = Math.max(session.plannedStages, stages.length);
  const current = stages.findLast((stage) => stage.completedAt === null);
  if (current)
    return `stage ${current.index + 1} of ${Math.max(planned, current.index + 1)} · ${current.name}`;
  const done = stages.length;
  return planned > done ? `${done} of ${planned} stages` : `${done} ${done === 1 ? 'stage' : 'stages'}`;
}
