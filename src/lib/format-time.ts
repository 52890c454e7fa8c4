const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;
const WEEK_S = 7 * DAY_S;

/** "just now", "42 s ago", "3 min ago", "5 h ago", "2 d ago", later the date; "in …" for the future. */
export function formatRelativeTime(iso: string, nowMs: number): string {
  const deltaS = Math.round((nowMs - Date.parse(iso)) / 1000);
  const distance = Math.abs(deltaS);
  if (distance < 5) return 'just now';
  if (distance >= WEEK_S) return formatDate(iso);
  const text =
    distance < MINUTE_S
      ? `${distance} s`
      : distance < HOUR_S
        ? `${Math.floor(distance / MINUTE_S)} min`
        : distance < DAY_S
          ? `${Math.floor(distance / HOUR_S)} h`
          : `${Math.floor(distance / DAY_S)} d`;
  return deltaS >= 0 ? `${text} ago` : `in ${text}`;
}

/** The time now, or `iso` where that is ahead of it by no more than `toleranceMs`. */
export function notBehind(nowMs: number, iso: string, toleranceMs: number): number {
  const at = Date.parse(iso);
  return at > nowMs && at - nowMs <= toleranceMs ? at : nowMs;
}

const dateFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const absoluteFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});
const clockFormat = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** The day, for what is too far away to count. */
export const formatDate = (iso: string): string => dateFormat.format(new Date(iso));

/** Day, time and zone of the reader, for a tooltip. */
export const formatAbsoluteTime = (iso: string): string => absoluteFormat.format(new Date(iso));

/** Time of day to the second. */
export const formatTimeOfDay = (iso: string): string => clockFormat.format(new Date(iso));
