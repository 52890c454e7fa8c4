import type { CalendarConfig } from '#src/server/config/index.ts';

/**
 * The time in words for a model, with what it means for the people on call: `2026-05-01T02:10:00.000Z (UTC); in Europe/Berlin
 * Friday 04:10, a holiday (Labour Day)`.
 */
export function describeNow(now: Date, { timezone, holidays }: CalendarConfig): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'long',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? '';
  const monthDay = `${part('month')}-${part('day')}`;
  const date = `${part('year')}-${monthDay}`;
  const holiday = holidays.find((day) => day.date === monthDay || day.date === date);
  const weekday = part('weekday');
  const local = `${weekday} ${part('hour')}:${part('minute')}`;
  return `${now.toISOString()} (UTC); in ${timezone} ${local}, ${kindOfDay(weekday, holiday?.name)}`;
}

function kindOfDay(weekday: string, holiday: string | undefined): string {
  const quiet = 'fewer people are at work, and changes wait more often for someone to look';
  if (holiday !== undefined) return `a holiday (${holiday}): ${quiet}`;
  if (weekday === 'Saturday' || weekday === 'Sunday') return `a weekend: ${quiet}`;
  return 'a working day';
}
