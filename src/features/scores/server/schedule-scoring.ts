import type { RunStatus } from '#src/features/sessions/schema.ts';
import type { Transaction } from '#src/server/db/database.ts';
import { createScore } from './request-score.ts';

/** Who is named as having asked for a score that nobody asked for. */
const AUTOMATIC = 'automatic';

/** Has a completed session scored where its chain says so, through the transaction that completes it. */
export async function scheduleScoring(
  sql: Transaction,
  { sessionId, status }: { sessionId: string; status: RunStatus },
): Promise<void> {
  if (status !== 'completed') return;
  const { rows } = await sql.query<{ enabled: boolean | null }>(
    `select (chain_snapshot #>> '{chain,scoring,enabled}')::boolean as enabled from session where id = $1`,
    [sessionId],
  );
  if (rows[0]?.enabled) await createScore(sql, { sessionId, triggeredBy: AUTOMATIC });
}
