import { snapshotChain } from '#src/server/config/index.ts';
import { AppError, notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { isTerminal, type RunStatus } from '../schema.ts';
import { createSession } from './create-session.ts';

type Original = {
  alert_id: string;
  alert_type: string;
  chain: string;
  chain_snapshot: unknown;
  severity: string | null;
  title: string;
  runbook: string | null;
  mcp_selection: unknown;
  search_text: string;
  status: RunStatus;
};

/**
 * Investigates the same alert again, as a new session with today's configuration of its chain (the original's
 * snapshot when the chain no longer exists).
 * Throws `not_found` outside the project and `conflict` while the original has not ended.
 */
export async function rerunSession(
  kernel: Kernel,
  options: {
    projectId: string;
    sessionId: string;
    actor: string;
    /** The actor, when it is a person: the new session uses their sign-ins. */
    actorId?: string | null;
  },
): Promise<{ sessionId: string }> {
  const { projectId, sessionId, actor, actorId = null } = options;
  const config = kernel.config.current();
  return kernel.database.transaction(async (sql) => {
    const { rows } = await sql.query<Original>(
      `select alert_id, alert_type, chain, chain_snapshot, severity, title, runbook, mcp_selection, search_text, status
       from session where id = $1 and project_id = $2`,
      [sessionId, projectId],
    );
    const original = rows[0];
    if (!original) throw notFound('Session');
    if (!isTerminal(original.status)) throw new AppError('conflict', 'The session is still in progress.');
    const newSessionId = await createSession(sql, {
      projectId,
      alertId: original.alert_id,
      alertType: original.alert_type,
      chain: original.chain,
      chainSnapshot: config.chains[original.chain]
        ? snapshotChain(config, original.chain)
        : original.chain_snapshot,
      severity: original.severity,
      title: original.title,
      author: actor,
      authorId: actorId,
      runbook: original.runbook,
      mcpSelection: original.mcp_selection,
      rerunOfId: sessionId,
      searchText: original.search_text,
    });
    // Both investigate one alert, whose text holds the placeholders of the first.
    await sql.query(
      `insert into masked_identifier (session_id, placeholder, kind, ciphertext, digest)
       select $2, placeholder, kind, ciphertext, digest from masked_identifier where session_id = $1`,
      [sessionId, newSessionId],
    );
    return { sessionId: newSessionId };
  });
}
