import { notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { SessionRunbook } from '../schema.ts';

/** The runbook that a session's agents read. Throws `not_found` when the project has no such session. */
export async function readSessionRunbook(
  kernel: Kernel,
  options: { projectId: string; sessionId: string },
): Promise<SessionRunbook> {
  const { rows } = await kernel.database.pool.query<{
    runbook_text: string | null;
    runbook_source: string | null;
    runbook_note: string | null;
  }>('select runbook_text, runbook_source, runbook_note from session where id = $1 and project_id = $2', [
    options.sessionId,
    options.projectId,
  ]);
  const row = rows[0];
  if (!row) throw notFound('Session');
  return { text: row.runbook_text, source: row.runbook_source, note: row.runbook_note };
}
