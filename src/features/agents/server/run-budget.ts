import type { Batch } from '#src/features/sessions/server/index.ts';
import type { Budgets } from '#src/server/config/index.ts';
import type { BudgetKind, BudgetStop } from './agent-step.ts';
import { BUDGET_WARNING_SHARE, CONCLUSION_RESERVE_MAX_MS, CONCLUSION_RESERVE_SHARE } from './tunables.ts';

export type Spent = { tokens: number; costUsd: number; elapsedMs: number };

/** The session's limits and what has been used of them, by everything that runs for it. */
export type RunBudget = {
  /** The limit that is used up, or null. */
  exceeded(): BudgetStop | null;
  /** Whether calls are limited by what they use, so that those begun side by side could overrun it together. */
  countsCalls: boolean;
  /** Takes the session's totals after a model call, in its commit; people are warned once when most of a limit is used. */
  note(batch: Batch, totals: { sessionId: string; tokens: number; costUsd: number }): Promise<void>;
};

/** Watches over the limits from what the session's rows say at the start. `startedAtMs` leaves out what it waited. */
export function createRunBudget(options: {
  limits: Budgets;
  spent: Pick<Spent, 'tokens' | 'costUsd'>;
  /** When the clock of the time limit started, in ms since the epoch. */
  startedAtMs: number;
  /** After which the run is stopped, whatever it does; it has to conclude a while before. */
  stoppedAfterMs: number;
}): RunBudget {
  const { limits, startedAtMs, stoppedAfterMs } = options;
  const spent = { ...options.spent };
  const now = (): Spent => ({ ...spent, elapsedMs: Date.now() - startedAtMs });
  return {
    countsCalls: limits.tokens !== undefined || limits.costUsd !== undefined,
    exceeded: () => findExceeded(limits, now()) ?? findLateness(stoppedAfterMs, now().elapsedMs),
    async note(batch, { sessionId, tokens, costUsd }) {
      Object.assign(spent, { tokens, costUsd });
      const near = sharesOf(limits, now()).find(({ share }) => share >= BUDGET_WARNING_SHARE);
      if (!near) return;
      const first = await batch.sql.query(
        'update session set budget_warned_at = now() where id = $1 and budget_warned_at is null',
        [sessionId],
      );
      if (!first.rowCount) return;
      batch.startItem({
        stageId: null,
        executionId: null,
        type: 'budget',
        status: 'completed',
        content: `${Math.round(near.share * 100)} % of the session's ${describeLimit(limits, near.kind)} is used.`,
        data: { budget: near.kind, share: near.share },
      });
    },
  };
}

/** The first limit that is used up, tokens before cost before time. */
export function findExceeded(limits: Budgets, spent: Spent): BudgetStop | null {
  const over = sharesOf(limits, spent).find(({ share }) => share >= 1);
  if (!over) return null;
  return { kind: over.kind, reason: `The session's ${describeLimit(limits, over.kind)} is used up.` };
}

/** Whether it is time for an answer, so that the one after the limit is not "timed out". */
export function findLateness(stoppedAfterMs: number, elapsedMs: number): BudgetStop | null {
  const reserveMs = Math.min(stoppedAfterMs * CONCLUSION_RESERVE_SHARE, CONCLUSION_RESERVE_MAX_MS);
  if (elapsedMs < stoppedAfterMs - reserveMs) return null;
  return {
    kind: 'time',
    reason: `The time limit of ${Math.round(stoppedAfterMs / 1000)} s is nearly over.`,
  };
}

function sharesOf(limits: Budgets, spent: Spent): { kind: BudgetKind; share: number }[] {
  const share = (used: number, limit: number | undefined) =>
    limit === undefined ? 0 : limit <= 0 ? 1 : used / limit;
  return [
    { kind: 'tokens', share: share(spent.tokens, limits.tokens) },
    { kind: 'cost', share: share(spent.costUsd, limits.costUsd) },
    { kind: 'time', share: share(spent.elapsedMs, limits.time) },
  ];
}

function describeLimit(limits: Budgets, kind: BudgetKind): string {
  switch (kind) {
    case 'tokens':
      return `budget of ${limits.tokens} tokens`;
    case 'cost':
      return `budget of $${(limits.costUsd ?? 0).toFixed(2)}`;
    case 'time':
      return `time budget of ${Math.round((limits.time ?? 0) / 1000)} s`;
  }
}
