import { notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { RunStatus } from '../schema.ts';
import { appendEvents } from './append-events.ts';
import { finishSession } from './finish-session.ts';
import { cancelTarget } from './transitions.ts';

/** PostgreSQL channel on which workers hear that a session shall be cancelled; the payload is its id. */
export const CANCEL_CHANNEL = 'tars_cancel';

/**
 * Cancels a session: at once when no worker holds it (pending, waiting), else by asking the worker (`cancelling`).
 * Throws `not_found` outside the project and `conflict` when it has ended. Returns the status it is in now.
 */
export async function cancelSession(
  kernel: Kernel,
  options: { projectId: string; sessionId: string; actor: string },
): Promise<{ status: RunStatus }> {
  const { projectId, sessionId, actor } = options;
  const statusReason = `cancelled by ${actor}`;
  return kernel.database.transaction(async (sql) => {
    const { rows } = await sql.query<{ status: RunStatus }>(
      'select status from session where id = $1 and project_id = $2 for update',
      [sessionId, projectId],
    );
    const row = rows[0];
    if (!row) throw notFound('Session');
    const target = cancelTarget(row.status);
    if (target === 'cancelled') {
      await finishSession(sql, { sessionId, end: { status: 'cancelled', statusReason } });
      return { status: 'cancelled' };
    }
    if (row.status === 'running') {
      await sql.query(`update session set status = 'cancelling', status_reason = $2 where id = $1`, [
        sessionId,
        statusReason,
      ]);
      await appendEvents(sql, {
        sessionId,
        events: [{ type: 'session.patch', payload: { status: 'cancelling', statusReason } }],
      });
    }
    await sql.query('select pg_notify($1, $2)', [CANCEL_CHANNEL, sessionId]);
    return { status: 'cancelling' };
  });
}
