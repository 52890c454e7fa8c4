import type { Sql } from '#src/server/db/database.ts';
import type { EventBody, RunStatus, SessionPatch } from '../schema.ts';
import { appendEvents } from './append-events.ts';
import { closeOpenItems } from './close-open-items.ts';
import { REVIEW_COLUMNS, type ReviewColumns, reviewView } from './review-columns.ts';
import { type ExecutionRow, loadRunRows, type StageRow } from './run-rows.ts';
import { sourcesOf } from './transitions.ts';

/** Every end asks for a review, but nobody has to look at what was cancelled. A claim made while it ran stays. */
const OPEN_REVIEW_SQL = `review_status = case when $2 = 'cancelled' then 'reviewed'::"ReviewStatus"
         else coalesce(review_status, 'needs_review'::"ReviewStatus") end,
       reviewed_at = case when $2 = 'cancelled' then now() end`;

type EndStatus = Extract<RunStatus, 'completed' | 'failed' | 'timed_out' | 'cancelled'>;

export type SessionEnd = {
  status: EndStatus;
  /** Absent leaves the reason that is there: who cancelled it. */
  statusReason?: string;
  error?: string;
};

/**
 * Writes the end of a session once, with everything below it, in the caller's transaction: nothing is left running under
 * a finished parent. Returns false when the session had already ended (somebody else was first); then nothing changes.
 */
export async function finishSession(
  sql: Sql,
  options: { sessionId: string; end: SessionEnd; epoch?: number },
): Promise<boolean> {
  const { sessionId, end, epoch } = options;
  const { rows } = await sql.query<{ completed_at: Date; status_reason: string | null } & ReviewColumns>(
    `update session set status = $2::"RunStatus", status_reason = coalesce($3, status_reason), error = $4, completed_at = now(),
       lease_owner = null, lease_heartbeat_at = null, ${OPEN_REVIEW_SQL}
     where id = $1 and status = any($5::"RunStatus"[]) and ($6::int is null or lease_epoch = $6)
     returning completed_at, status_reason, ${REVIEW_COLUMNS}`,
    [
      sessionId,
      end.status,
      end.statusReason ?? null,
      end.error ?? null,
      sourcesOf(end.status),
      epoch ?? null,
    ],
  );
  const row = rows[0];
  if (!row) return false;
  const completedAt = row.completed_at.toISOString();
  const events: EventBody[] = await closeChildren(sql, sessionId, end, completedAt);
  const counts = await closeToolCalls(sql, sessionId);
  const patch: SessionPatch = {
    status: end.status,
    statusReason: row.status_reason,
    error: end.error ?? null,
    completedAt,
    queuePosition: null,
    review: reviewView(row),
    ...(counts ? { counts } : {}),
  };
  await closeOpenItems(sql, { sessionId, epoch, status: itemStatusFor(end.status) });
  await appendEvents(sql, {
    sessionId,
    epoch,
    events: [...events, { type: 'session.patch', payload: patch }],
  });
  return true;
}

/**
 * Calls that were cut off by the end: of one that may have changed something the outcome is unknown. Those that had started
 * count as made; returns the new counts when there were any. No exact arguments are kept after the end.
 */
async function closeToolCalls(sql: Sql, sessionId: string): Promise<SessionPatch['counts'] | undefined> {
  const { rows: closed } = await sql.query<{ started: boolean }>(
    `update tool_call set completed_at = now(), arguments_sealed = null, error = coalesce(error, 'The session ended first.'),
       status = case when status = 'running' and not read_only then 'unknown' else 'cancelled' end
     where session_id = $1 and status in ('planned', 'running') returning started_at is not null as started`,
    [sessionId],
  );
  const started = closed.filter((call) => call.started).length;
  if (started === 0) return undefined;
  const { rows } = await sql.query<{ llm_calls: number; tool_calls: number }>(
    'update session set tool_calls = tool_calls + $2 where id = $1 returning llm_calls, tool_calls',
    [sessionId, started],
  );
  const row = rows[0];
  // `events` is the cursor of whoever folds this; the reducer sets it.
  return row && { llmCalls: row.llm_calls, toolCalls: row.tool_calls, events: 0 };
}

const itemStatusFor = (status: EndStatus) => (status === 'completed' ? 'failed' : status);

async function closeChildren(
  sql: Sql,
  sessionId: string,
  end: SessionEnd,
  completedAt: string,
): Promise<EventBody[]> {
  const isOpen = (child: { status: RunStatus }) =>
    ['pending', 'running', 'waiting', 'cancelling'].includes(child.status);
  const status: EndStatus = end.status === 'completed' ? 'failed' : end.status;
  const error = end.error ?? `The session ended (${end.status}).`;
  const events: EventBody[] = [];
  for (const { stage, executions } of await loadRunRows(sql, sessionId)) {
    for (const execution of executions.filter(isOpen)) {
      const {
        sessionId: _s,
        result: _r,
        ...view
      }: ExecutionRow = { ...execution, status, error, completedAt };
      events.push({ type: 'execution.upsert', payload: view });
    }
    if (!isOpen(stage)) continue;
    const { sessionId: _s, result: _r, ...view }: StageRow = { ...stage, status, error, completedAt };
    events.push({ type: 'stage.upsert', payload: view });
  }
  for (const table of ['execution', 'stage']) {
    await sql.query(
      `update ${table} set status = $2::"RunStatus", error = coalesce(error, $3), completed_at = $4
       where session_id = $1 and status in ('pending', 'running', 'waiting', 'cancelling')`,
      [sessionId, status, error, completedAt],
    );
  }
  return events;
}
