import { type ChainSnapshot, resolveBudgets } from '#src/server/config/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { createRunBudget, type RunBudget } from './run-budget.ts';

/**
 * What a session may use, and what it has used so far, by its run and by what followed. A follow-up shares the money and
 * the tokens; its time is its own.
 */
export async function openBudget(
  kernel: Kernel,
  session: { id: string; snapshot: ChainSnapshot },
  { isFollowUp = false }: { isFollowUp?: boolean } = {},
): Promise<RunBudget> {
  const { rows } = await kernel.database.pool.query<{ tokens: number; cost_usd: number; elapsed_ms: number }>(
    `select input_tokens + output_tokens as tokens, cost_usd,
       extract(epoch from now() - started_at)::float * 1000 - waited_ms as elapsed_ms from session where id = $1`,
    [session.id],
  );
  const row = rows[0];
  const { time, ...shared } = resolveBudgets(session.snapshot, session.snapshot.chain);
  return createRunBudget({
    limits: isFollowUp || time === undefined ? shared : { ...shared, time },
    spent: { tokens: row?.tokens ?? 0, costUsd: row?.cost_usd ?? 0 },
    startedAtMs: isFollowUp ? Date.now() : Date.now() - (row?.elapsed_ms ?? 0),
    stoppedAfterMs: kernel.config.current().queue.sessionTimeout,
  });
}
