import { countTicks, latestTick, MAX_MISSED_TICKS, type Schedule } from '#src/lib/check-schedule.ts';
import { LATE_AFTER_MS } from './tunables.ts';

/** How far a check has come, as its row says. */
export type CheckProgress = {
  /** `scheduleKey` of what `lastDueAt` was counted by. */
  schedule: string;
  lastDueAt: Date;
  paused: boolean;
  /** A run that waits for room in the queue. */
  waitingRunId: string | null;
};

export type TickDecision =
  | { kind: 'nothing' }
  /** Ticks count from now on: the check is new, or its schedule is, or it was turned on or off. */
  | { kind: 'begin'; schedule: string }
  | { kind: 'take'; dueAt: Date; trigger: 'schedule' | 'catch_up'; missed: number }
  /** The tick that found the queue full is still the newest. */
  | { kind: 'retry'; runId: string };

/** What ticks are counted by. A check that is turned off has none. */
export const scheduleKey = (check: Schedule & { enabled: boolean }): string =>
  check.enabled ? `${check.schedule} ${check.timezone}` : 'off';

/**
 * What is to be done for a check now. Of several ticks that have passed only the newest is taken: after downtime there is one
 * run, not one per tick.
 */
export function decideTick(options: {
  check: Schedule & { enabled: boolean };
  progress: CheckProgress | null;
  now: Date;
}): TickDecision {
  const { check, progress, now } = options;
  const key = scheduleKey(check);
  if (progress?.schedule !== key) return { kind: 'begin', schedule: key };
  if (!check.enabled || progress.paused) return { kind: 'nothing' };
  const after = progress.lastDueAt;
  const dueAt = latestTick(check, { after, now });
  if (!dueAt)
    return progress.waitingRunId ? { kind: 'retry', runId: progress.waitingRunId } : { kind: 'nothing' };
  const isLate = now.getTime() - dueAt.getTime() > LATE_AFTER_MS;
  const missed = countTicks(check, { after, before: dueAt });
  return { kind: 'take', dueAt, trigger: isLate ? 'catch_up' : 'schedule', missed };
}

/** In words; null when nothing was missed. */
export function describeMissed(missed: number): string | null {
  if (missed === 0) return null;
  const count = missed >= MAX_MISSED_TICKS ? `more than ${MAX_MISSED_TICKS}` : String(missed);
  return `${count} earlier ${missed === 1 ? 'run was' : 'runs were'} missed while no worker ran`;
}
