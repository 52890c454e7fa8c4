import type { RunStatus } from '#src/features/sessions/schema.ts';
import { CANCEL_CHANNEL, cancelTarget, writeBatch } from '#src/features/sessions/server/index.ts';
import { notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { finishFollowUp } from './finish-follow-up.ts';
import { type FollowUpKind, laneOf, lockSession } from './follow-up.ts';
import { mirrorStage } from './mirror-stage.ts';

/**
 * Cancels a follow-up of a session: at once when no worker holds it (pending, waiting), else by asking the worker
 * (`cancelling`). `what` names it to people. Throws `not_found` outside of the project and session, and `conflict` when it
 * has ended. Returns the status it is in now.
 */
export function cancelFollowUp(
  kernel: Kernel,
  options: {
    projectId: string;
    sessionId: string;
    followUpId: string;
    kind: FollowUpKind;
    actor: string;
    what: string;
  },
): Promise<{ status: RunStatus }> {
  const { projectId, sessionId, followUpId, kind, actor, what } = options;
  const place = { sessionId, lane: laneOf(kind) };
  const statusReason = `cancelled by ${actor}`;
  return kernel.database.transaction(async (sql) => {
    await lockSession(sql, sessionId);
    const { rows } = await sql.query<{ status: RunStatus }>(
      `select f.status from follow_up f join session s on s.id = f.session_id
       where f.id = $1 and f.session_id = $2 and f.kind = $3::"FollowUpKind" and s.project_id = $4`,
      [followUpId, sessionId, kind, projectId],
    );
    const row = rows[0];
    if (!row) throw notFound(what);
    if (cancelTarget(row.status, what) === 'cancelled') {
      await finishFollowUp(sql, { ...place, followUpId, end: { status: 'cancelled', statusReason } });
      return { status: 'cancelled' };
    }
    if (row.status === 'running') {
      await sql.query(`update follow_up set status = 'cancelling', status_reason = $2 where id = $1`, [
        followUpId,
        statusReason,
      ]);
      await writeBatch(sql, { sessionId }, (batch) =>
        mirrorStage(batch, { sessionId, followUpId }, { status: 'cancelling' }),
      );
    }
    await sql.query('select pg_notify($1, $2)', [CANCEL_CHANNEL, followUpId]);
    return { status: 'cancelling' };
  });
}
