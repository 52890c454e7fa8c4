import type { z } from 'zod';
import { CHECK_COLUMN, type CheckColumn, sessionCheck } from '#src/features/check-outcomes/server/index.ts';
import type {
  AlertView,
  ItemStatus,
  ItemType,
  RunStatus,
  Scoring,
  SessionListItem,
  StageView,
  sessionSchema,
  TimelineItem,
} from '../../schema.ts';
import { isTerminal } from '../../schema.ts';
import { type ReviewColumns, reviewView } from '../review-columns.ts';
import { type ExecutionRecord, executionView, type StageRecord, stageView } from '../run-rows.ts';

/** Rows as PostgreSQL gives them, and the views made of them. Names are the columns'. */

const iso = (time: Date): string => time.toISOString();
const isoOrNull = (time: Date | null): string | null => time?.toISOString() ?? null;

/** Columns that the list and the session's page share; `s` is the session. Neither reads large text it will not show. */
export const SESSION_COLUMNS = `s.id, s.project_id, s.status, s.status_reason, s.alert_type, s.chain, s.severity, s.title,
  s.author, s.runbook, s.rerun_of_id, s.created_at, s.started_at, s.completed_at, s.executive_summary,
  s.executive_summary_error, s.error, s.input_tokens, s.output_tokens, s.cost_usd, s.unpriced_calls, s.llm_calls, s.tool_calls, s.first_seq, s.last_seq,
  s.review_status, s.assignee, s.assigned_at, s.reviewed_at, s.rating, s.action_taken, s.review_note, s.score,
  ${CHECK_COLUMN},
  case when jsonb_typeof(s.chain_snapshot #> '{chain,stages}') = 'array'
    then jsonb_array_length(s.chain_snapshot #> '{chain,stages}')
      + coalesce((s.chain_snapshot #>> '{chain,executiveSummary,enabled}')::boolean::int, 0)
    else 0 end as planned_stages`;

export type SessionRow = {
  id: string;
  project_id: string;
  status: RunStatus;
  status_reason: string | null;
  alert_type: string;
  chain: string;
  severity: string | null;
  title: string;
  author: string;
  runbook: string | null;
  rerun_of_id: string | null;
  created_at: Date;
  started_at: Date | null;
  completed_at: Date | null;
  executive_summary: string | null;
  executive_summary_error: string | null;
  error: string | null;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number;
  unpriced_calls: number;
  llm_calls: number;
  tool_calls: number;
  last_seq: number;
  planned_stages: number;
  first_seq: number;
  score: number | null;
} & ReviewColumns &
  CheckColumn;

type SessionFields = Omit<
  z.infer<typeof sessionSchema>,
  | 'chatEnabled'
  | 'finalAnalysis'
  | 'runbookSource'
  | 'runbookNote'
  | 'alert'
  | 'stages'
  | 'budgets'
  | 'waitedMs'
  | 'waitingSince'
  | 'pendingApprovals'
>;

export function sessionFields(row: SessionRow, queuePosition: number | null): SessionFields {
  return {
    id: row.id,
    projectId: row.project_id,
    status: row.status,
    statusReason: row.status_reason,
    alertType: row.alert_type,
    chain: row.chain,
    severity: row.severity,
    title: row.title,
    author: row.author,
    runbook: row.runbook,
    rerunOfId: row.rerun_of_id,
    createdAt: iso(row.created_at),
    startedAt: isoOrNull(row.started_at),
    completedAt: isoOrNull(row.completed_at),
    executiveSummary: row.executive_summary,
    executiveSummaryError: row.executive_summary_error,
    error: row.error,
    queuePosition,
    plannedStages: row.planned_stages,
    review: reviewView(row),
    score: row.score,
    check: sessionCheck(row),
    usage: {
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      costUsd: row.cost_usd,
      unpricedCalls: row.unpriced_calls,
    },
    eventsRemovedUpTo: row.first_seq - 1,
    counts: { llmCalls: row.llm_calls, toolCalls: row.tool_calls, events: row.last_seq },
  };
}

/**
 * A list row adds the alert's count, what the stages came to, and the newest open stage while it runs. Each look-up reads an
 * index by the session's id: only rows of the page at hand may be joined with it.
 */
export const LIST_ROW_SQL = `select ${SESSION_COLUMNS}, s.changed, s.scoring, a.count as alert_count, a.status as alert_status,
    open_stage.index as stage_index, open_stage.name as stage_name, stages.*,
    (select count(*)::int from execution e where e.session_id = s.id and e.parent_execution_id is not null) as sub_agents,
    (select count(*)::int from timeline_item i where i.session_id = s.id and i.type = 'provider_fallback') as provider_fallbacks,
    (select count(*)::int from approval p where p.session_id = s.id and p.status = 'pending') as pending_approvals
  from session s
  join alert a on a.id = s.alert_id
  cross join lateral (
    select count(*) filter (where st.follow_up_id is null)::int as stages_begun,
      count(*) filter (where st.follow_up_id is null and st.status = 'completed')::int as stages_done,
      count(*) filter (where st.type = 'chat')::int as chat_turns,
      coalesce(bool_or(st.parallel is not null), false) as parallel,
      coalesce(bool_or(st.type = 'action'), false) as action_stage
    from stage st where st.session_id = s.id
  ) stages
  left join lateral (
    select st.index, st.name from stage st
    where st.session_id = s.id and st.status in ('running', 'waiting', 'cancelling')
      and s.status in ('running', 'waiting', 'cancelling')
    order by st.index desc limit 1
  ) open_stage on true`;

export type ListRow = SessionRow & {
  changed: boolean;
  scoring: Scoring;
  alert_count: number;
  pending_approvals: number;
  alert_status: AlertView['status'];
  stage_index: number | null;
  stage_name: string | null;
  stages_begun: number;
  stages_done: number;
  chat_turns: number;
  parallel: boolean;
  action_stage: boolean;
  sub_agents: number;
  provider_fallbacks: number;
};

type ListItemFacts = { queuePosition: number | null; foundInTimeline?: boolean };

export function listItem(row: ListRow, { queuePosition, foundInTimeline }: ListItemFacts): SessionListItem {
  return {
    ...sessionFields(row, queuePosition),
    alertCount: row.alert_count,
    alertStatus: row.alert_status,
    pendingApprovals: row.pending_approvals,
    progress: describeProgress(row),
    stages: { done: row.stages_done, total: countStages(row) },
    parallel: row.parallel,
    subAgents: row.sub_agents,
    actionStage: row.action_stage,
    changed: row.changed,
    chatTurns: row.chat_turns,
    providerFallbacks: row.provider_fallbacks,
    scoring: row.scoring,
    foundInTimeline: foundInTimeline ?? false,
  };
}

/** Stages that the chain adds while it runs (synthesis) come on top of the planned ones; after the end only those that began count. */
const countStages = (row: ListRow): number =>
  isTerminal(row.status) ? row.stages_begun : Math.max(row.stages_begun, row.planned_stages);

/** Such as "stage 1 of 2 · look · 12 tool calls"; null when nothing runs. */
export function describeProgress(
  row: Pick<ListRow, 'stage_index' | 'stage_name' | 'planned_stages' | 'tool_calls'>,
): string | null {
  if (row.stage_index === null || row.stage_name === null) return null;
  const number = row.stage_index + 1;
  // Stages that the chain adds while it runs (synthesis) come on top of the planned ones.
  const total = Math.max(number, row.planned_stages);
  const calls = `${row.tool_calls} tool ${row.tool_calls === 1 ? 'call' : 'calls'}`;
  return `stage ${number} of ${total} · ${row.stage_name} · ${calls}`;
}

export type AlertRow = {
  id: string;
  source: string;
  fingerprint: string | null;
  status: AlertView['status'];
  title: string;
  count: number;
  labels: AlertView['labels'];
  annotations: AlertView['annotations'];
  data: string;
  starts_at: Date | null;
  first_fired_at: Date;
  last_fired_at: Date;
  resolved_at: Date | null;
};

export const alertView = (row: AlertRow): AlertView => ({
  id: row.id,
  source: row.source,
  fingerprint: row.fingerprint,
  status: row.status,
  title: row.title,
  count: row.count,
  labels: row.labels,
  annotations: row.annotations,
  data: row.data,
  startsAt: isoOrNull(row.starts_at),
  firstFiredAt: iso(row.first_fired_at),
  lastFiredAt: iso(row.last_fired_at),
  resolvedAt: isoOrNull(row.resolved_at),
});

/** Stages with their executions; both lists must be in order of `index`. */
export const stageViews = (stages: StageRecord[], executions: ExecutionRecord[]): StageView[] =>
  stages.map((row) => ({
    ...stageView(row),
    executions: executions.filter((execution) => execution.stage_id === row.id).map(executionView),
  }));

export type ItemRow = {
  id: string;
  seq: number;
  type: ItemType;
  status: ItemStatus;
  stage_id: string | null;
  execution_id: string | null;
  parent_execution_id: string | null;
  content: string;
  data: Record<string, unknown>;
  started_at: Date;
  completed_at: Date | null;
};

export const ITEM_COLUMNS =
  'id, seq, type, status, stage_id, execution_id, parent_execution_id, content, data, started_at, completed_at';

export const itemView = (row: ItemRow): TimelineItem => ({
  id: row.id,
  seq: row.seq,
  type: row.type,
  status: row.status,
  stageId: row.stage_id,
  executionId: row.execution_id,
  parentExecutionId: row.parent_execution_id,
  content: row.content,
  data: row.data,
  startedAt: iso(row.started_at),
  completedAt: isoOrNull(row.completed_at),
});
