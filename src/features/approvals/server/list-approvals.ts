import { z } from 'zod';
import { costView, decodeCursor, encodeCursor } from '#src/features/sessions/server/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import { notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { ApprovalStatus, ApprovalView } from '../schema.ts';

type Row = {
  id: string;
  session_id: string;
  title: string;
  alert_type: string;
  severity: string | null;
  execution_id: string;
  agent: string;
  item_id: string;
  kind: ApprovalView['kind'];
  status: ApprovalStatus;
  server: string;
  tool: string;
  arguments: Record<string, unknown>;
  why: string;
  requested_at: Date;
  expires_at: Date;
  decided_at: Date | null;
  decided_by: string | null;
  reason: string | null;
  scope: ApprovalView['scope'];
  granted_iterations: number | null;
};

const SELECT = `select a.id, a.session_id, s.title, s.alert_type, s.severity, a.execution_id, e.agent, a.item_id, a.kind, a.status,
    a.server, a.tool, a.arguments, a.why, a.requested_at, a.expires_at, a.decided_at, a.decided_by, a.reason, a.scope,
    a.granted_iterations
  from approval a join session s on s.id = a.session_id join execution e on e.id = a.execution_id`;

const cursorSchema = z.object({ at: z.iso.datetime(), id: z.uuid() });

/** A page of a project's requests, newest first. Throws `bad_request` for a cursor of another list. */
export async function listApprovals(
  kernel: Kernel,
  options: {
    projectId: string;
    status?: ApprovalStatus | undefined;
    sessionId?: string | undefined;
    limit: number;
    cursor?: string | undefined;
  },
): Promise<{ items: ApprovalView[]; nextCursor: string | null }> {
  const { projectId, status, sessionId, limit, cursor } = options;
  const before = cursor ? decodeCursor(cursor, cursorSchema) : null;
  const { rows } = await kernel.database.pool.query<Row>(
    `${SELECT} where a.project_id = $1 and ($2::"ApprovalStatus" is null or a.status = $2) and ($3::uuid is null or a.session_id = $3)
       and ($4::timestamptz is null or (a.requested_at, a.id) < ($4, $5::uuid))
     order by a.requested_at desc, a.id desc limit $6`,
    [projectId, status ?? null, sessionId ?? null, before?.at ?? null, before?.id ?? null, limit + 1],
  );
  const items = rows.slice(0, limit).map((row) => costView(kernel).request(viewOf(row)));
  const last = items.at(-1);
  const more = rows.length > limit && last;
  return { items, nextCursor: more ? encodeCursor({ at: last.requestedAt, id: last.id }) : null };
}

/** Requests of a project that wait for a person now. */
export async function countPendingApprovals(
  kernel: Kernel,
  { projectId }: { projectId: string },
): Promise<{ pending: number }> {
  const { rows } = await kernel.database.pool.query<{ pending: number }>(
    `select count(*)::int as pending from approval where project_id = $1 and status = 'pending'`,
    [projectId],
  );
  return { pending: rows[0]?.pending ?? 0 };
}

/** One request. Throws `not_found` outside the project. */
export async function readApproval(
  sql: Sql,
  { projectId, approvalId }: { projectId: string; approvalId: string },
): Promise<ApprovalView> {
  const { rows } = await sql.query<Row>(`${SELECT} where a.id = $1 and a.project_id = $2`, [
    approvalId,
    projectId,
  ]);
  const row = rows[0];
  if (!row) throw notFound('Approval');
  return viewOf(row);
}

const viewOf = (row: Row): ApprovalView => ({
  id: row.id,
  sessionId: row.session_id,
  sessionTitle: row.title,
  alertType: row.alert_type,
  severity: row.severity,
  executionId: row.execution_id,
  agent: row.agent,
  itemId: row.item_id,
  kind: row.kind,
  status: row.status,
  tool: `${row.server}.${row.tool}`,
  arguments: row.arguments,
  why: row.why,
  requestedAt: row.requested_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  decidedAt: row.decided_at?.toISOString() ?? null,
  decidedBy: row.decided_by,
  reason: row.reason,
  scope: row.scope,
  grantedIterations: row.granted_iterations,
});
