import type { RankBy, UsageReport } from '../schema.ts';

/** What a day's bar is as high as: dollars, or tokens sent and written. */
export const weighDay = (day: UsageReport['byDay'][number], by: RankBy): number =>
  by === 'cost' ? (day.costUsd ?? 0) : day.inputTokens + day.outputTokens;
