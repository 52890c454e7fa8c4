import type { EvidenceTarget, RunSession } from '#src/features/agents/server/index.ts';
import { readCheckTask } from '#src/features/check-outcomes/server/index.ts';
import type { ChainSnapshot } from '#src/server/config/index.ts';
import type { Sql } from '#src/server/db/database.ts';

type SessionRecord = {
  id: string;
  project_id: string;
  author: string;
  author_id: string | null;
  title: string;
  alert_type: string;
  severity: string | null;
  runbook: string | null;
  runbook_text: string | null;
  runbook_note: string | null;
  mcp_selection: RunSession['mcpSelection'];
  chain_snapshot: ChainSnapshot;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  data: string;
  starts_at: Date | null;
  resolved_at: Date | null;
};

/** What running a session needs to know of it. Throws when the row is gone. */
export async function loadRunSession(sql: Sql, sessionId: string): Promise<RunSession> {
  const { rows } = await sql.query<SessionRecord>(
    `select s.id, s.project_id, s.author, s.author_id, s.title, s.alert_type, s.severity, s.runbook, s.runbook_text, s.runbook_note, s.mcp_selection, s.chain_snapshot,
       a.labels, a.annotations, a.data, a.starts_at, a.resolved_at
     from session s join alert a on a.id = s.alert_id where s.id = $1`,
    [sessionId],
  );
  const row = rows[0];
  if (!row) throw new Error(`session ${sessionId} does not exist`);
  return {
    id: row.id,
    projectId: row.project_id,
    actsFor: row.author_id === null ? null : { userId: row.author_id, name: row.author },
    title: row.title,
    alert: {
      alertType: row.alert_type,
      title: row.title,
      severity: row.severity,
      labels: row.labels,
      annotations: row.annotations,
      data: row.data,
      startsAt: row.starts_at?.toISOString() ?? null,
      resolvedAt: row.resolved_at?.toISOString() ?? null,
    },
    runbookReference: row.runbook,
    runbook: row.runbook_text,
    runbookNote: row.runbook_note,
    mcpSelection: row.mcp_selection,
    check: await readCheckTask(sql, sessionId),
    snapshot: row.chain_snapshot,
  };
}

/** The tool calls of a session that an answer may refer to. */
export async function loadEvidenceTargets(sql: Sql, sessionId: string): Promise<EvidenceTarget[]> {
  const { rows } = await sql.query<{
    call_id: string;
    item_id: string;
    server: string;
    tool: string;
    cluster: string | null;
  }>(
    `select c.call_id, c.item_id, c.server, c.tool, i.data->>'cluster' as cluster from tool_call c
     join timeline_item i on i.session_id = c.session_id and i.id = c.item_id
     where c.session_id = $1 and c.status = 'completed' order by c.started_at`,
    [sessionId],
  );
  return rows.map((row) => ({
    callId: row.call_id,
    itemId: row.item_id,
    label: `${row.cluster ? `${row.cluster}: ` : ''}${row.server}.${row.tool}`,
  }));
}
