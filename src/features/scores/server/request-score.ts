import { createFollowUp } from '#src/features/follow-ups/server/index.ts';
import type { RunStatus } from '#src/features/sessions/schema.ts';
import type { Transaction } from '#src/server/db/database.ts';
import { AppError, notFound } from '#src/server/errors.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { whyNotScorable } from '../why-not-scorable.ts';

type Requested = { scoreId: string; stageId: string };

/**
 * Has an ended session scored, also where its chain does not by itself. Throws `not_found` outside the project and `conflict`
 * while the session, or another scoring of it, is in progress, and when the session never ran.
 */
export function requestScore(
  kernel: Kernel,
  options: { projectId: string; sessionId: string; actor: string },
): Promise<Requested> {
  const { projectId, sessionId, actor } = options;
  return kernel.database.transaction(async (sql) => {
    const { rows } = await sql.query<{ status: RunStatus; started_at: Date | null }>(
      'select status, started_at from session where id = $1 and project_id = $2 for no key update',
      [sessionId, projectId],
    );
    const row = rows[0];
    if (!row) throw notFound('Session');
    const why = whyNotScorable({ status: row.status, hasRun: row.started_at !== null });
    if (why) throw new AppError('conflict', why);
    await settleScores(sql, sessionId);
    const { rows: open } = await sql.query(
      `select 1 from score where session_id = $1 and status in ('pending', 'running', 'waiting', 'cancelling')`,
      [sessionId],
    );
    if (open.length > 0) throw new AppError('conflict', 'The session is being scored already.');
    return createScore(sql, { sessionId, triggeredBy: actor });
  });
}

/** A pending score and the work that will fill it, through the caller's transaction. */
export async function createScore(
  sql: Transaction,
  { sessionId, triggeredBy }: { sessionId: string; triggeredBy: string },
): Promise<Requested> {
  const { followUpId, stageId } = await createFollowUp(sql, {
    sessionId,
    kind: 'score',
    author: triggeredBy,
    stage: { name: 'scoring', type: 'scoring' },
  });
  const scoreId = newId();
  await sql.query(
    'insert into score (id, session_id, follow_up_id, stage_id, triggered_by) values ($1, $2, $3, $4, $5)',
    [scoreId, sessionId, followUpId, stageId, triggeredBy],
  );
  return { scoreId, stageId };
}

/** Ends scores whose work ended without them: cancelled, timed out, given up. */
export async function settleScores(sql: Transaction, sessionId: string): Promise<void> {
  await sql.query(
    `update score set status = f.status, error = coalesce(score.error, f.error), completed_at = f.completed_at
     from follow_up f where f.id = score.follow_up_id and score.session_id = $1
       and score.status in ('pending', 'running', 'waiting', 'cancelling')
       and f.status in ('completed', 'failed', 'timed_out', 'cancelled')`,
    [sessionId],
  );
}
