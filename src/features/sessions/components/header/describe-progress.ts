import type { SessionView } from '../../schema.ts';

/** Where the run stands, in words: "stage 1 of 2 · look", "3rd in the queue", "2 stages". */
export function describeProgress(
  session: Pick<SessionView, 'status' | 'queuePosition' | 'stages' | 'plannedStages'>,
): string {
  if (session.status === 'pending') {
    return session.queuePosition === null ? 'in the queue' : `number ${session.queuePosition} in the queue`;
  }
  const planned = Math.max(session.plannedStages, session.stages.length);
  const current = session.stages.findLast((stage) => stage.completedAt === null);
  if (current)
    return `stage ${current.index + 1} of ${Math.max(planned, current.index + 1)} · ${current.name}`;
  const done = session.stages.length;
  return planned > done ? `${done} of ${planned} stages` : `${done} ${done === 1 ? 'stage' : 'stages'}`;
}
