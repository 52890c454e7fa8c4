import { type ScoreBand, scoreBandNames, scoreBands } from '#src/features/sessions/schema.ts';

/** The band that a total (0-100) belongs to. */
export function scoreBand(total: number): ScoreBand {
  return scoreBandNames.find((name) => total >= scoreBands[name][0]) ?? 'poor';
}
