import type { Sql } from '#src/server/db/database.ts';
import { newId } from '#src/server/ids.ts';
import { addJob } from '#src/server/jobs/define-job.ts';
import { appendEvents } from './append-events.ts';
import { runSessionJob } from './jobs.ts';
import { SEARCH_TEXT_MAX_CHARS } from './tunables.ts';

export type NewSession = {
  /** Absent: a new one. */
  id?: string | undefined;
  projectId: string;
  alertId: string;
  alertType: string;
  chain: string;
  /** See `chainSnapshot` of the schema: JSON without secrets. */
  chainSnapshot: unknown;
  severity: string | null;
  title: string;
  author: string;
  /** The author, when it is a person. */
  authorId: string | null;
  runbook: string | null;
  mcpSelection: unknown;
  rerunOfId: string | null;
  searchText: string;
  /** Who alone may claim it; absent: any worker. */
  reservedFor?: string | undefined;
};

/**
 * Inserts a pending session, its first event and, unless it is reserved, the job that will run it, all through the
 * caller's transaction.
 * Returns the id of the session.
 */
export async function createSession(sql: Sql, session: NewSession): Promise<string> {
  const id = session.id ?? newId();
  await sql.query(
    `insert into session (id, project_id, alert_id, alert_type, chain, chain_snapshot, severity, title, author, runbook,
       mcp_selection, rerun_of_id, search_text, reserved_for, author_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      id,
      session.projectId,
      session.alertId,
      session.alertType,
      session.chain,
      JSON.stringify(session.chainSnapshot),
      session.severity,
      session.title,
      session.author,
      session.runbook,
      session.mcpSelection ? JSON.stringify(session.mcpSelection) : null,
      session.rerunOfId,
      session.searchText.slice(0, SEARCH_TEXT_MAX_CHARS),
      session.reservedFor ?? null,
      session.authorId,
    ],
  );
  await appendEvents(sql, {
    sessionId: id,
    events: [{ type: 'session.patch', payload: { status: 'pending' } }],
  });
  // Whoever it is reserved for claims it itself; a worker's job would find nothing.
  if (session.reservedFor) return id;
  await addJob(sql, runSessionJob, { sessionId: id }, { key: `run-session:${id}` });
  return id;
}
