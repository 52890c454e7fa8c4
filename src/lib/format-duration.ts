const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** "12 ms", "0.4 s", "31 s", "4 m 12 s", "2 h 05 m", "3 d 4 h". Negative time (clock skew) counts as none. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < 95) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / SECOND_MS).toFixed(1)} s`;
  if (ms < MINUTE_MS - 500) return `${Math.round(ms / SECOND_MS)} s`;
  const seconds = Math.round(ms / SECOND_MS);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${pad(seconds % 60)} s`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h ${pad(Math.floor((ms % HOUR_MS) / MINUTE_MS))} m`;
  return `${Math.floor(ms / DAY_MS)} d ${Math.floor((ms % DAY_MS) / HOUR_MS)} h`;
}

const PERIODS = [
  [DAY_MS, 'day'],
  [HOUR_MS, 'hour'],
  [MINUTE_MS, 'minute'],
  [SECOND_MS, 'second'],
] as const;

/** A configured period in its largest whole unit: "14 days", "1 hour", "90 minutes". */
export function formatPeriod(periodMs: number): string {
  const [unitMs, name] = PERIODS.find(([each]) => periodMs >= each && periodMs % each === 0) ?? [];
  if (unitMs === undefined) return formatDuration(periodMs);
  const count = periodMs / unitMs;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** A running clock that keeps its width: "00:42", "12:07", "1:02:03". */
export function formatClock(durationMs: number): string {
  const seconds = Math.floor(Math.max(0, durationMs) / SECOND_MS);
  const hours = Math.floor(seconds / 3600);
  const rest = `${pad(Math.floor((seconds % 3600) / 60))}:${pad(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** Milliseconds from one ISO time to another, or to `nowMs` while the second is open; null before the first. */
export function elapsedMs(from: string | null, to: string | null, nowMs: number): number | null {
  if (!from) return null;
  return Math.max(0, (to ? Date.parse(to) : nowMs) - Date.parse(from));
}

const pad = (value: number): string => String(value).padStart(2, '0');
