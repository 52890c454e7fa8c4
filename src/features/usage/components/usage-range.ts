/** Presets of the range, and days of one's own; `range` in the address. */
export const usagePresets = ['7d', '30d', '90d', 'month', 'previous-month'] as const;
export type UsagePreset = (typeof usagePresets)[number];

export const usagePresetLabels: Record<UsagePreset, string> = {
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  month: 'This month',
  'previous-month': 'Last month',
};

const DAY_MS = 86_400_000;
const daysOf: Partial<Record<UsagePreset, number>> = { '7d': 7, '30d': 30, '90d': 90 };

/** First and last day of a preset, in UTC, as the report counts them. */
export function presetRange(preset: UsagePreset, nowMs: number): { from: string; to: string } {
  const today = new Date(nowMs);
  const days = daysOf[preset];
  if (days !== undefined) return { from: dayOf(nowMs - (days - 1) * DAY_MS), to: dayOf(nowMs) };
  const month = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 1);
  if (preset === 'month') return { from: dayOf(month), to: dayOf(nowMs) };
  return {
    from: dayOf(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1, 1)),
    to: dayOf(month - DAY_MS),
  };
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const longDay = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** "26 Nov" */
export const formatDay = (day: string): string => shortDay.format(new Date(day));
/** "Thu, 26 Nov 2026" */
export const formatLongDay = (day: string): string => longDay.format(new Date(day));
