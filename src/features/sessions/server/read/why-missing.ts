import { AppError, notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { logsRemoved } from './describe-removed.ts';
import type { SessionKey } from './read-session.ts';

/**
 * Why a payload of a call is not there. Outputs and images leave no trace of their own; a session whose calls lost their
 * payloads has lost these too.
 */
export async function whyMissing(
  kernel: Kernel,
  { sessionId, projectId, what }: SessionKey & { what: string },
): Promise<AppError> {
  const { rowCount } = await kernel.database.pool.query(
    `select 1 from tool_call c join session s on s.id = c.session_id
     where c.session_id = $1 and s.project_id = $2 and c.logs_removed_at is not null limit 1`,
    [sessionId, projectId],
  );
  return rowCount ? new AppError('gone', logsRemoved(kernel.config.current())) : notFound(what);
}
