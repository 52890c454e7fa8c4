import { linkEvidence, type RunContext, runExecution } from '#src/features/agents/server/index.ts';
import {
  type ExecutionRow,
  loadRunRows,
  newExecution,
  newStage,
  type SessionEnd,
  type StageRow,
  saveExecution,
  saveStage,
} from '#src/features/sessions/server/index.ts';
import { aggregateStage, type StageResult } from './aggregate-stage.ts';
import { loadEvidenceTargets } from './load-run-session.ts';
import { type PlannedStage, planStages } from './plan-stages.ts';
import { runSummaryStage } from './run-summary-stage.ts';

export type StageState = { stage: StageRow; executions: ExecutionRow[] };

/** What a stage hands on to later ones. */
type Finding = { stage: StageRow; executionId: string | null; result: string };

/**
 * Runs the stages that are not completed yet, one after the other; the first that fails ends the chain. The last result is
 * the final analysis, also when a later stage failed: what was found is not lost. Returns how the session ends.
 */
export async function runStages(context: RunContext): Promise<SessionEnd> {
  const { session, kernel } = context;
  const states = await loadRunRows(kernel.database.pool, session.id);
  const findings: Finding[] = [];
  let failure: SessionEnd | null = null;
  for (const planned of planStages(session.snapshot, session.mcpSelection)) {
    context.signal.throwIfAborted();
    if (planned.type === 'summary') await publishAnalysis(context, findings);
    const existing = states.find(({ stage }) => stage.index === planned.index);
    const state = existing ?? (await openStage(context, planned));
    if (planned.type === 'summary') {
      await runSummaryStage(context, { planned, state, analysis: findings.at(-1)?.result ?? '' });
      continue;
    }
    const outcome = await runOrSkipStage(context, planned, state, findings);
    if (outcome.status !== 'completed') {
      const error = `Stage "${planned.name}" ${outcome.status.replace('_', ' ')}: ${outcome.error}`;
      failure = { status: outcome.status, error };
      break;
    }
    if (outcome.result.trim() === '') continue;
    findings.push({
      stage: state.stage,
      executionId: state.executions[0]?.id ?? null,
      result: outcome.result,
    });
  }
  await publishAnalysis(context, findings);
  if (failure) return failure;
  return findings.length === 0
    ? { status: 'failed', error: 'No stage came to a result.' }
    : { status: 'completed' };
}

async function runOrSkipStage(
  context: RunContext,
  planned: PlannedStage,
  state: StageState,
  findings: readonly Finding[],
): Promise<StageResult> {
  const { status, result } = state.stage;
  if (status === 'completed' && result !== null) return { status, result };
  const earlierStages = findings.map((finding) => ({ name: finding.stage.name, result: finding.result }));
  return runStage(context, planned, state, earlierStages);
}

/** Writes the final analysis once, with its links from claims to tool calls; a resumed run finds it written. */
async function publishAnalysis(context: RunContext, findings: readonly Finding[]): Promise<void> {
  const last = findings.at(-1);
  if (!last) return;
  const { result, stage, executionId } = last;
  await context.recorder.commit(async (batch) => {
    const written = await batch.sql.query(
      'update session set final_analysis = $2 where id = $1 and final_analysis is null',
      [context.session.id, result],
    );
    if (written.rowCount === 0) return;
    batch.emit({ type: 'session.patch', payload: { finalAnalysis: result } });
    const evidence = linkEvidence(result, await loadEvidenceTargets(batch.sql, context.session.id));
    batch.startItem({
      stageId: stage.id,
      executionId,
      type: 'final_analysis',
      status: 'completed',
      content: result,
      data: { evidence },
    });
  });
}

async function openStage(context: RunContext, planned: PlannedStage): Promise<StageState> {
  const { session, kernel, recorder } = context;
  const config = kernel.config.current();
  const stage = newStage({
    sessionId: session.id,
    index: planned.index,
    name: planned.name,
    type: planned.type,
  });
  const executions = planned.executions.map(({ name, settings }, index) =>
    newExecution({
      sessionId: session.id,
      stageId: stage.id,
      index,
      agent: name,
      provider: settings.llmProvider,
      model: config.llmProviders[settings.llmProvider]?.model ?? '',
    }),
  );
  await recorder.commit(async (batch) => {
    await saveStage(batch, stage);
    for (const execution of executions) await saveExecution(batch, execution);
  });
  return { stage, executions };
}

/** Runs the executions of a stage side by side (one is not special) and writes what the stage came to. */
async function runStage(
  context: RunContext,
  planned: PlannedStage,
  { stage, executions }: StageState,
  earlierStages: { name: string; result: string }[],
): Promise<StageResult> {
  const settled = await Promise.allSettled(
    executions.map((execution) => {
      const settings = planned.executions[execution.index]?.settings;
      if (execution.completedAt !== null || !settings) return execution;
      return runExecution(context, { execution, settings, earlierStages });
    }),
  );
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  const outcome = aggregateStage(executions, planned.successPolicy);
  await context.recorder.commit(async (batch) => {
    const result = outcome.status === 'completed' ? outcome.result : null;
    const error = outcome.status === 'completed' ? null : outcome.error;
    Object.assign(stage, { status: outcome.status, result, error, completedAt: new Date().toISOString() });
    await saveStage(batch, stage);
  });
  return outcome;
}
