import type { Sql } from '#src/server/db/database.ts';
import { notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { SessionView } from '../../schema.ts';
import { EXECUTION_COLUMNS, type ExecutionRecord, STAGE_COLUMNS, type StageRecord } from '../run-rows.ts';
import { readPendingApprovals } from './pending-approvals.ts';
import { readQueuePositions } from './queue-positions.ts';
import {
  type AlertRow,
  alertView,
  SESSION_COLUMNS,
  type SessionRow,
  sessionFields,
  stageViews,
} from './session-rows.ts';
import { costView } from './show-costs.ts';

export type SessionKey = { projectId: string; sessionId: string };

/** The session JSON of the contract. Throws `not_found` when the project has no such session. */
export function readSession(kernel: Kernel, key: SessionKey): Promise<SessionView> {
  const { session } = costView(kernel);
  // One snapshot, so that a stage never belongs to another moment than the session's status.
  return kernel.database.transaction(
    async (sql) => session(await readSessionView(sql, key)),
    'repeatable read',
  );
}

type SessionDetailRow = SessionRow & {
  waited_ms: number;
  waiting_since: Date | null;
  final_analysis: string | null;
  runbook_source: string | null;
  runbook_note: string | null;
  alert_id: string;
  chat_enabled: boolean;
  budgets: { tokens?: number; costUsd?: number; time?: number } | null;
};

function budgetsOf(budgets: SessionDetailRow['budgets']): SessionView['budgets'] {
  const { time, ...rest } = budgets ?? {};
  return { ...rest, ...(time === undefined ? {} : { timeMs: time }) };
}

/** As `readSession`, within the caller's transaction, and with what it cost in any case. */
export async function readSessionView(sql: Sql, { projectId, sessionId }: SessionKey): Promise<SessionView> {
  const { rows: sessions } = await sql.query<SessionDetailRow>(
    `select ${SESSION_COLUMNS}, s.final_analysis, s.runbook_source, s.runbook_note, s.alert_id,
       s.waited_ms, s.waiting_since,
       coalesce((s.chain_snapshot #> '{chain,chat,enabled}')::boolean, true) as chat_enabled,
       coalesce(s.chain_snapshot #> '{defaults,budgets}', '{}') || coalesce(s.chain_snapshot #> '{chain,budgets}', '{}') as budgets
     from session s where s.id = $1 and s.project_id = $2`,
    [sessionId, projectId],
  );
  const row = sessions[0];
  if (!row) throw notFound('Session');
  const { rows: alerts } = await sql.query<AlertRow>(
    `select id, source, fingerprint, status, title, count, labels, annotations, data, starts_at, first_fired_at,
       last_fired_at, resolved_at from alert where id = $1`,
    [row.alert_id],
  );
  const alert = alerts[0];
  if (!alert) throw notFound('Alert');
  const { rows: stages } = await sql.query<StageRecord>(
    `select ${STAGE_COLUMNS} from stage where session_id = $1 order by index`,
    [sessionId],
  );
  const { rows: executions } = await sql.query<ExecutionRecord>(
    `select ${EXECUTION_COLUMNS} from execution where session_id = $1 order by parent_execution_id nulls first, index`,
    [sessionId],
  );
  const positions = row.status === 'pending' ? await readQueuePositions(sql, [row.id]) : undefined;
  return {
    ...sessionFields(row, positions?.get(row.id) ?? null),
    chatEnabled: row.chat_enabled,
    finalAnalysis: row.final_analysis,
    runbookSource: row.runbook_source,
    runbookNote: row.runbook_note,
    alert: alertView(alert),
    stages: stageViews(stages, executions),
    budgets: budgetsOf(row.budgets),
    waitedMs: row.waited_ms,
    waitingSince: row.waiting_since?.toISOString() ?? null,
    pendingApprovals: await readPendingApprovals(sql, sessionId),
  };
}

/** The numbers of the newest event and of the oldest that is kept. Throws `not_found` when the project has no such session. */
export async function requireSession(
  sql: Sql,
  { projectId, sessionId }: SessionKey,
): Promise<{ firstSeq: number; lastSeq: number }> {
  const { rows } = await sql.query<{ first_seq: number; last_seq: number }>(
    'select first_seq, last_seq from session where id = $1 and project_id = $2',
    [sessionId, projectId],
  );
  const row = rows[0];
  if (!row) throw notFound('Session');
  return { firstSeq: row.first_seq, lastSeq: row.last_seq };
}
