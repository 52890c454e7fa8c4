import { notifyDecided } from '#src/features/notifications/server/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import type { EventBody, RunStatus, SessionPatch } from '../schema.ts';
import { closeOpenItems } from './close-open-items.ts';
import type { Lane } from './lanes.ts';
import { readPendingApprovals } from './read/pending-approvals.ts';
import { type ExecutionRow, loadRunRows, type StageRow } from './run-rows.ts';

export type EndStatus = Extract<RunStatus, 'completed' | 'failed' | 'timed_out' | 'cancelled'>;

/** What belongs to a run: everything of a session, or what one of its follow-ups has written. */
type RunScope = { sessionId: string; followUpId?: string | undefined };

/**
 * Closes what an ended run has left open: stages, executions, tool calls, timeline items. Writes the rows and the ends of
 * items; the caller appends `events` and, where there are any, the new counts with its own end, in the same transaction.
 */
export async function closeRun(
  sql: Sql,
  options: RunScope & {
    epoch: number | undefined;
    lane?: Lane;
    end: { status: EndStatus; error?: string };
    completedAt: string;
  },
): Promise<{ events: EventBody[]; counts: SessionPatch['counts'] | undefined }> {
  const { end, completedAt, ...scope } = options;
  const events = await closeChildren(sql, scope, end, completedAt);
  const counts = await closeToolCalls(sql, scope);
  if (await cancelApprovals(sql, scope)) {
    const pendingApprovals = await readPendingApprovals(sql, scope.sessionId);
    events.push({ type: 'session.patch', payload: { pendingApprovals } });
  }
  const status = end.status === 'completed' ? 'failed' : end.status;
  await closeOpenItems(sql, { ...scope, status, waiting: true });
  return { events, counts };
}

/**
 * Calls that were cut off by the end: of one that may have changed something the outcome is unknown. Those that had started
 * count as made; returns the new counts when there were any. No exact arguments are kept after the end.
 */
async function closeToolCalls(sql: Sql, scope: RunScope): Promise<SessionPatch['counts'] | undefined> {
  const { rows: closed } = await sql.query<{ started: boolean; unknown: boolean }>(
    `update tool_call set completed_at = now(), arguments_sealed = null, error = coalesce(error, 'The session ended first.'),
       status = case when status = 'running' and not read_only then 'unknown' else 'cancelled' end
     where session_id = $1 and status in ('planned', 'waiting', 'running') and ($2::uuid is null or execution_id in (
       select e.id from execution e join stage on stage.id = e.stage_id where stage.follow_up_id = $2))
     returning started_at is not null as started, status = 'unknown' as unknown`,
    [scope.sessionId, scope.followUpId ?? null],
  );
  const started = closed.filter((call) => call.started).length;
  if (started === 0) return undefined;
  const { rows } = await sql.query<{ llm_calls: number; tool_calls: number }>(
    'update session set tool_calls = tool_calls + $2, changed = changed or $3 where id = $1 returning llm_calls, tool_calls',
    [scope.sessionId, started, closed.some((call) => call.unknown)],
  );
  const row = rows[0];
  // `events` is the cursor of whoever folds this; the reducer sets it.
  return row && { llmCalls: row.llm_calls, toolCalls: row.tool_calls, events: 0 };
}

/** Nobody has to decide any more on calls of a run that has ended. Returns whether there were any. */
async function cancelApprovals(sql: Sql, scope: RunScope): Promise<boolean> {
  const { rows } = await sql.query<{ id: string }>(
    `update approval set status = 'cancelled', decided_at = now()
     where session_id = $1 and status = 'pending' and ($2::uuid is null or execution_id in (
       select e.id from execution e join stage on stage.id = e.stage_id where stage.follow_up_id = $2))
     returning id`,
    [scope.sessionId, scope.followUpId ?? null],
  );
  await notifyDecided(sql, { sessionId: scope.sessionId, approvalIds: rows.map((row) => row.id) });
  return rows.length > 0;
}

async function closeChildren(
  sql: Sql,
  { sessionId, followUpId }: RunScope,
  end: { status: EndStatus; error?: string },
  completedAt: string,
): Promise<EventBody[]> {
  const isOpen = (child: { status: RunStatus }) =>
    ['pending', 'running', 'waiting', 'cancelling'].includes(child.status);
  const status: EndStatus = end.status === 'completed' ? 'failed' : end.status;
  const error = end.error ?? `The ${followUpId ? 'work' : 'session'} ended (${end.status}).`;
  const events: EventBody[] = [];
  for (const { stage, executions } of await loadRunRows(sql, sessionId, followUpId)) {
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
  for (const [table, stage] of [
    ['execution', 'stage_id'],
    ['stage', 'id'],
  ]) {
    await sql.query(
      `update ${table} set status = $2::"RunStatus", error = coalesce(error, $3), completed_at = $4
       where session_id = $1 and status in ('pending', 'running', 'waiting', 'cancelling')
         and ($5::uuid is null or ${stage} in (select id from stage where follow_up_id = $5))`,
      [sessionId, status, error, completedAt, followUpId ?? null],
    );
  }
  return events;
}
