import type { CheckOutcome } from '#src/lib/check-outcome.ts';
import type { NotifyRule } from '#src/server/config/index.ts';

/** An outcome as far as it is compared. */
export type ComparedOutcome = { outcome: CheckOutcome; keys: readonly string[] };

/** An earlier run's outcome, and since when it has been like that. */
export type EarlierOutcome = ComparedOutcome & { since: Date };

export type News = {
  /** Since when it is so; null: since now. */
  since: Date | null;
  /** Whether there is something to tell: other findings than before, a recovery, or that nothing can be seen any more. */
  isNews: boolean;
  notify: boolean;
};

/**
 * Compares a run's outcome with what is known. `last` is the newest ended run, `lastKnown` the newest that could tell: a run
 * that could not must not make old findings new again, nor hide a recovery.
 */
export function decideNews(options: {
  rule: NotifyRule;
  current: ComparedOutcome;
  last: EarlierOutcome | null;
  lastKnown: EarlierOutcome | null;
}): News {
  const { rule, current, last, lastKnown } = options;
  const before = current.outcome === 'unknown' ? last : lastKnown;
  const unchanged = before !== null && isSame(current, before);
  const isNews = !unchanged && (current.outcome !== 'healthy' || before?.outcome === 'findings');
  const notify = rule === 'always' || (rule === 'findings' && isNews);
  return { since: unchanged ? before.since : null, isNews, notify };
}

function isSame(a: ComparedOutcome, b: ComparedOutcome): boolean {
  if (a.outcome !== b.outcome) return false;
  return a.keys.length === b.keys.length && a.keys.every((key) => b.keys.includes(key));
}
