/** Presets of the time filter; `range` in the address. */
export const timeRanges = ['1h', '24h', '7d', '30d'] as const;
export type TimeRange = (typeof timeRanges)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const lengthMs: Record<TimeRange, number> = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
};

export const timeRangeLabels: Record<TimeRange, string> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
};

/** The beginning of a preset as ISO time, rounded down to the minute so that a query stays the same for a while. */
export function rangeStart(range: TimeRange, nowMs: number): string {
  const start = nowMs - lengthMs[range];
  return new Date(start - (start % MINUTE_MS)).toISOString();
}
