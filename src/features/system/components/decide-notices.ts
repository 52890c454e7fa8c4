import type { SystemWarning } from '../schema.ts';

/** What was dismissed: the message of each warning as it was then, by key. */
export type Dismissed = Readonly<Record<string, string>>;

/** Answers of another release in a row before a page is called out of date: while replicas are replaced, both answer. */
const MISSES_UNTIL_SAID = 2;

export type Misses = number;
export const countMisses = (misses: Misses, served: string | undefined, running: string): Misses =>
  served === undefined || served === running ? 0 : misses + 1;
export const isOutOfDate = (misses: Misses): boolean => misses >= MISSES_UNTIL_SAID;

/** The warnings that are still to be shown: a dismissed one comes back when it says something else. */
export const openWarnings = (warnings: readonly SystemWarning[], dismissed: Dismissed): SystemWarning[] =>
  warnings.filter(({ key, message }) => dismissed[key] !== message);

/** Forgets what is over, so that the same trouble is shown when it comes again. */
export const stillDismissed = (dismissed: Dismissed, warnings: readonly SystemWarning[]): Dismissed =>
  Object.fromEntries(
    Object.entries(dismissed).filter(([key, message]) =>
      warnings.some((warning) => warning.key === key && warning.message === message),
    ),
  );
