import { AppError } from '#src/server/errors.ts';
import { USAGE_MAX_DAYS } from '../schema.ts';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;

export type UsageRange = { from: string; to: string };

const dayOf = (time: string | number): string => new Date(time).toISOString().slice(0, 10);

/**
 * The days that a report covers, both included: the last 30 unless `from` or `to` say otherwise. Throws `bad_request` for a
 * range that ends before it begins or is longer than `USAGE_MAX_DAYS`.
 */
export function resolveRange(
  asked: { from?: string | undefined; to?: string | undefined },
  now: Date,
): UsageRange {
  const to = dayOf(asked.to ?? now.getTime());
  const from = dayOf(asked.from ?? Date.parse(to) - (DEFAULT_DAYS - 1) * DAY_MS);
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days < 1) throw new AppError('bad_request', `The range ends (${to}) before it begins (${from}).`);
  if (days > USAGE_MAX_DAYS)
    throw new AppError(
      'bad_request',
      `The range has ${days} days; at most ${USAGE_MAX_DAYS} can be reported at once.`,
    );
  return { from, to };
}

/** One entry per day of the range, in order; `empty` stands in for days that are missing. */
export function fillDays<T extends { day: string }>(
  found: readonly T[],
  range: UsageRange,
  empty: (day: string) => T,
): T[] {
  const known = new Map(found.map((entry) => [entry.day, entry]));
  const days: T[] = [];
  for (let at = Date.parse(range.from); at <= Date.parse(range.to); at += DAY_MS) {
    const day = dayOf(at);
    days.push(known.get(day) ?? empty(day));
  }
  return days;
}
