import type { Sql } from '#src/server/db/database.ts';
import type { PendingApproval } from '../../schema.ts';

type Row = {
  id: string;
  kind: PendingApproval['kind'];
  execution_id: string;
  item_id: string;
  server: string;
  tool: string;
  arguments: Record<string, unknown>;
  why: string;
  requested_at: Date;
  expires_at: Date;
};

/** What a session waits for people to decide, oldest first. */
export async function readPendingApprovals(sql: Sql, sessionId: string): Promise<PendingApproval[]> {
  const { rows } = await sql.query<Row>(
    `select id, kind, execution_id, item_id, server, tool, arguments, why, requested_at, expires_at from approval
     where session_id = $1 and status = 'pending' order by requested_at, id`,
    [sessionId],
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    executionId: row.execution_id,
    itemId: row.item_id,
    tool: `${row.server}.${row.tool}`,
    arguments: row.arguments,
    why: row.why,
    requestedAt: row.requested_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  }));
}
