import { Cron } from 'croner';

/** When a check is due: five cron fields, read on the clock of a time zone. */
export type Schedule = { schedule: string; timezone: string };

/** Missed ticks are counted up to here; what is more is "many". */
export const MAX_MISSED_TICKS = 1_000;

const FIVE_FIELDS = /^\S+(\s+\S+){4}$/;

/** What is wrong with the schedule, as what was expected; null when it can be used. */
export function whyNoSchedule({
  schedule,
  timezone,
}: Schedule): { field: keyof Schedule; expected: string } | null {
  if (!isTimezone(timezone))
    return { field: 'timezone', expected: 'an IANA time zone such as Europe/Berlin or UTC' };
  const text = schedule.trim();
  if (text.split(/\s+/).length > 5)
    return {
      field: 'schedule',
      expected: 'five cron fields without seconds (a check runs every minute at most)',
    };
  if (!FIVE_FIELDS.test(text))
    return { field: 'schedule', expected: 'five cron fields such as "0 6 * * 1-5"' };
  try {
    const next = cronOf({ schedule, timezone }).nextRun();
    return next ? null : { field: 'schedule', expected: 'a schedule that is due at some time' };
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^\w+: /, '') : 'unreadable';
    return { field: 'schedule', expected: `five cron fields such as "0 6 * * 1-5" (${why})` };
  }
}

/** The first tick after `after`. A local time that a clock change skips is due right after it; one that it repeats, once. */
export const nextTick = (schedule: Schedule, after: Date): Date | null => cronOf(schedule).nextRun(after);

/** The newest tick that is over at `now` (inclusive) and later than `after`; null when none is. */
export function latestTick(schedule: Schedule, { after, now }: { after: Date; now: Date }): Date | null {
  const [latest] = cronOf(schedule).previousRuns(1, new Date(now.getTime() + 1));
  return latest && latest > after && latest <= now ? latest : null;
}

/** Ticks later than `after` and earlier than `before`, counted up to `MAX_MISSED_TICKS`. */
export function countTicks(schedule: Schedule, { after, before }: { after: Date; before: Date }): number {
  const cron = cronOf(schedule);
  let count = 0;
  for (
    let tick = cron.nextRun(after);
    tick && tick < before && count < MAX_MISSED_TICKS;
    tick = cron.nextRun(tick)
  )
    count += 1;
  return count;
}

const cronOf = ({ schedule, timezone }: Schedule): Cron =>
  new Cron(schedule.trim(), { timezone, mode: '5-part', paused: true });

function isTimezone(timezone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return true;
  } catch {
    return false;
  }
}
