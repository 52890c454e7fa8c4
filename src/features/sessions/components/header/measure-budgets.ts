import { formatDuration } from '#src/lib/format-duration.ts';
import { formatCost, formatCount } from '#src/lib/format-number.ts';
import type { SessionView } from '../../schema.ts';

/** From this share on people are warned, as the run itself does. */
const WARNING_SHARE = 0.8;

export type BudgetMeter = {
  kind: 'tokens' | 'cost' | 'time';
  /** "12.4k of 50.0k tokens" */
  text: string;
  /** 0 to 1; what is used beyond the limit does not show. */
  share: number;
  state: 'fine' | 'near' | 'used';
};

type Budgeted = Pick<
  SessionView,
  'budgets' | 'usage' | 'startedAt' | 'completedAt' | 'waitedMs' | 'waitingSince'
>;

/** How much of each limit of the session is used. Time in which it waited for people does not count. */
export function measureBudgets(session: Budgeted, nowMs: number): BudgetMeter[] {
  const { budgets, usage } = session;
  const tokens = usage.inputTokens + usage.outputTokens;
  const workedMs = measureWork(session, nowMs);
  return [
    ...meter(
      'tokens',
      tokens,
      budgets.tokens,
      (used, limit) => `${formatCount(used)} of ${formatCount(limit)} tokens`,
    ),
    ...meter(
      'cost',
      usage.costUsd ?? 0,
      budgets.costUsd,
      (used, limit) => `${formatCost(used)} of ${formatCost(limit)}`,
    ),
    ...meter(
      'time',
      workedMs,
      budgets.timeMs,
      (used, limit) => `${formatDuration(used)} of ${formatDuration(limit)}`,
    ),
  ];
}

function meter(
  kind: BudgetMeter['kind'],
  used: number,
  limit: number | undefined,
  wordsOf: (used: number, limit: number) => string,
): BudgetMeter[] {
  if (limit === undefined) return [];
  const share = limit <= 0 ? 1 : used / limit;
  const state = share >= 1 ? 'used' : share >= WARNING_SHARE ? 'near' : 'fine';
  return [{ kind, text: wordsOf(used, limit), share: Math.min(1, share), state }];
}

function measureWork(session: Budgeted, nowMs: number): number {
  if (!session.startedAt) return 0;
  // Still set at the end, it ended while it waited.
  const end = session.waitingSince ?? session.completedAt;
  return Math.max(0, (end ? Date.parse(end) : nowMs) - Date.parse(session.startedAt) - session.waitedMs);
}
