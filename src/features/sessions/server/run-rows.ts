import type { Sql, Transaction } from '#src/server/db/database.ts';
import { newId } from '#src/server/ids.ts';
import type { ExecutionView, RunStatus, StageView } from '../schema.ts';
import type { Batch } from './write-batch.ts';

/** A stage as the run holds it: its view plus what it hands on to later stages. */
export type StageRow = Omit<StageView, 'executions'> & { sessionId: string; result: string | null };

export type ExecutionRow = ExecutionView & { sessionId: string; result: string | null };

/** A stage that begins now; what is not given is empty. */
export function newStage(
  fields: Pick<StageRow, 'sessionId' | 'index' | 'name' | 'type'> & Partial<StageRow>,
): StageRow {
  return {
    id: newId(),
    status: 'running',
    parallel: null,
    successPolicy: null,
    synthesisOfId: null,
    skipped: null,
    actionsExecuted: null,
    followUpId: null,
    error: null,
    result: null,
    startedAt: new Date().toISOString(),
    completedAt: null,
    ...fields,
  };
}

/** An execution that has not started yet; what is not given is empty. */
export function newExecution(
  fields: Pick<ExecutionRow, 'sessionId' | 'stageId' | 'index' | 'agent' | 'provider' | 'model'> &
    Partial<ExecutionRow>,
): ExecutionRow {
  return {
    id: newId(),
    parentExecutionId: null,
    status: 'pending',
    originalProvider: null,
    originalModel: null,
    iterations: 0,
    task: null,
    error: null,
    result: null,
    startedAt: null,
    completedAt: null,
    ...fields,
  };
}

/** Another provider takes over; what the execution started with stays known. */
export function replaceProvider(execution: ExecutionRow, next: { provider: string; model: string }): void {
  execution.originalProvider ??= execution.provider;
  execution.originalModel ??= execution.model;
  Object.assign(execution, next);
}

/** Writes the stage as it is now and tells of it. */
export function saveStage(batch: Batch, stage: StageRow): void {
  saveStageRow(batch.sql, stage);
  if (stage.actionsExecuted) markChanged(batch.sql, stage.sessionId);
  const { sessionId: _session, result: _result, ...view } = stage;
  batch.emit({ type: 'stage.upsert', payload: view });
}

export function saveStageRow(sql: Transaction, stage: StageRow): void {
  sql.write(
    `insert into stage (id, session_id, index, name, type, status, error, result, started_at, completed_at, parallel,
       success_policy, synthesis_of_id, skipped, actions_executed, follow_up_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     on conflict (id) do update set status = $6, error = $7, result = $8, started_at = $9, completed_at = $10,
       actions_executed = $15`,
    [
      stage.id,
      stage.sessionId,
      stage.index,
      stage.name,
      stage.type,
      stage.status,
      stage.error,
      stage.result,
      stage.startedAt,
      stage.completedAt,
      stage.parallel,
      stage.successPolicy,
      stage.synthesisOfId,
      stage.skipped,
      stage.actionsExecuted,
      stage.followUpId,
    ],
  );
}

/** Says on the session that something was, or may have been, changed; the list can be narrowed to such. */
export function markChanged(sql: Transaction, sessionId: string): void {
  sql.write('update session set changed = true where id = $1 and not changed', [sessionId]);
}

/** Writes the execution as it is now and tells of it. */
export function saveExecution(batch: Batch, execution: ExecutionRow): void {
  batch.sql.write(
    `insert into execution (id, session_id, stage_id, parent_execution_id, index, agent, status, provider, model,
       iterations, error, result, started_at, completed_at, task, original_provider, original_model)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     on conflict (id) do update set status = $7, provider = $8, model = $9, iterations = $10, error = $11, result = $12,
       started_at = $13, completed_at = $14, original_provider = $16, original_model = $17`,
    [
      execution.id,
      execution.sessionId,
      execution.stageId,
      execution.parentExecutionId,
      execution.index,
      execution.agent,
      execution.status,
      execution.provider,
      execution.model,
      execution.iterations,
      execution.error,
      execution.result,
      execution.startedAt,
      execution.completedAt,
      execution.task,
      execution.originalProvider,
      execution.originalModel,
    ],
  );
  const { sessionId: _session, result: _result, ...view } = execution;
  batch.emit({ type: 'execution.upsert', payload: view });
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

export const STAGE_COLUMNS = `id, index, name, type, status, parallel, success_policy, synthesis_of_id, skipped, actions_executed,
  follow_up_id, error, started_at, completed_at`;

/** Columns of `stage` as PostgreSQL gives them. */
export type StageRecord = {
  id: string;
  index: number;
  name: string;
  type: StageRow['type'];
  status: RunStatus;
  parallel: StageRow['parallel'];
  success_policy: StageRow['successPolicy'];
  synthesis_of_id: string | null;
  skipped: string | null;
  actions_executed: boolean | null;
  follow_up_id: string | null;
  error: string | null;
  started_at: Date | null;
  completed_at: Date | null;
};

export const EXECUTION_COLUMNS = `id, stage_id, parent_execution_id, index, agent, status, provider, model, original_provider,
  original_model, iterations, task, error, started_at, completed_at`;

/** Columns of `execution` as PostgreSQL gives them. */
export type ExecutionRecord = {
  id: string;
  stage_id: string;
  parent_execution_id: string | null;
  index: number;
  agent: string;
  status: RunStatus;
  provider: string;
  model: string;
  original_provider: string | null;
  original_model: string | null;
  iterations: number;
  task: string | null;
  error: string | null;
  started_at: Date | null;
  completed_at: Date | null;
};

export const stageView = (row: StageRecord): Omit<StageView, 'executions'> => ({
  id: row.id,
  index: row.index,
  name: row.name,
  type: row.type,
  status: row.status,
  parallel: row.parallel,
  successPolicy: row.success_policy,
  synthesisOfId: row.synthesis_of_id,
  skipped: row.skipped,
  actionsExecuted: row.actions_executed,
  followUpId: row.follow_up_id,
  error: row.error,
  startedAt: iso(row.started_at),
  completedAt: iso(row.completed_at),
});

export const executionView = (row: ExecutionRecord): ExecutionView => ({
  id: row.id,
  stageId: row.stage_id,
  parentExecutionId: row.parent_execution_id,
  index: row.index,
  agent: row.agent,
  status: row.status,
  provider: row.provider,
  model: row.model,
  originalProvider: row.original_provider,
  originalModel: row.original_model,
  iterations: row.iterations,
  task: row.task,
  error: row.error,
  startedAt: iso(row.started_at),
  completedAt: iso(row.completed_at),
});

/** The sub-agents that an execution has started, in order. */
export async function loadSubExecutions(
  sql: Sql,
  { sessionId, parentId }: { sessionId: string; parentId: string },
): Promise<(ExecutionRow & { deliveredAt: Date | null })[]> {
  const { rows } = await sql.query<ExecutionRecord & WithResult & { delivered_at: Date | null }>(
    'select * from execution where parent_execution_id = $1 order by index',
    [parentId],
  );
  return rows.map((row) => ({
    ...executionView(row),
    sessionId,
    result: row.result,
    deliveredAt: row.delivered_at,
  }));
}

type WithResult = { result: string | null };

/**
 * The stages of a session that exist so far, in order, each with its executions in configured order; with `followUpId` only
 * those of that follow-up.
 */
export async function loadRunRows(
  sql: Sql,
  sessionId: string,
  followUpId?: string,
): Promise<{ stage: StageRow; executions: ExecutionRow[] }[]> {
  const stages = await sql.query<StageRecord & WithResult>(
    'select * from stage where session_id = $1 and ($2::uuid is null or follow_up_id = $2) order by index',
    [sessionId, followUpId ?? null],
  );
  const executions = await sql.query<ExecutionRecord & WithResult>(
    'select * from execution where session_id = $1 order by stage_id, parent_execution_id nulls first, index',
    [sessionId],
  );
  return stages.rows.map((row) => ({
    stage: { ...stageView(row), sessionId, result: row.result },
    executions: executions.rows
      .filter((execution) => execution.stage_id === row.id)
      .map((execution) => ({ ...executionView(execution), sessionId, result: execution.result })),
  }));
}
