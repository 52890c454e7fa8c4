import {
  linkEvidence,
  type RunContext,
  runExecution,
  type SummaryOutcome,
  writeSummary,
} from '#src/features/agents/server/index.ts';
import {
  type Claim,
  createRecorder,
  type ExecutionRow,
  finishSession,
  LeaseLostError,
  loadRunRows,
  MAX_RUN_ATTEMPTS,
  releaseLease,
  type SessionEnd,
  type StageRow,
  saveExecution,
  saveStage,
} from '#src/features/sessions/server/index.ts';
import { resolveAlertMasking } from '#src/server/config/index.ts';
import { isConnectionError } from '#src/server/db/database.ts';
import { errorMessage } from '#src/server/errors.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { withLogContext } from '#src/server/logger.ts';
import { createMasker } from '#src/server/masking/index.ts';
import { aggregateStage, type StageResult } from './aggregate-stage.ts';
import { loadEvidenceTargets, loadRunSession } from './load-run-session.ts';
import { type PlannedStage, planStages } from './plan-stages.ts';
import { StopError, type SupervisedRun, superviseRun } from './supervise-run.ts';

type StageState = { stage: StageRow; executions: ExecutionRow[] };

/**
 * Runs a claimed session to its end, or to where it stops being ours: every stage that is not completed yet, the final
 * analysis, the executive summary, the end. A function of the session's rows, so that the run of a worker that died is
 * continued by calling it again. Never throws: what goes wrong becomes the session's end, or is left to the next claim.
 */
export function runSession(kernel: Kernel, options: { claim: Claim; shutdown: AbortSignal }): Promise<void> {
  const { claim } = options;
  return withLogContext({ sessionId: claim.sessionId }, async () => {
    const { log } = kernel;
    log.info(
      { attempt: claim.attempts, resumed: claim.resumed },
      claim.resumed ? 'session resumed' : 'session started',
    );
    if (claim.resumed) kernel.metrics.sessionsResumed.inc();
    let run: SupervisedRun | undefined;
    try {
      run = await superviseRun(kernel, options);
      const end = await runToEnd(kernel, claim, run.signal);
      await finish(kernel, claim, end);
    } catch (error) {
      await settleFailure(kernel, claim, run?.signal, error);
    } finally {
      await run?.close();
    }
  });
}

async function runToEnd(kernel: Kernel, claim: Claim, signal: AbortSignal): Promise<SessionEnd> {
  signal.throwIfAborted();
  if (claim.attempts > MAX_RUN_ATTEMPTS) {
    return { status: 'failed', error: `Given up: the run was interrupted ${claim.attempts - 1} times.` };
  }
  const { database } = kernel;
  const session = await loadRunSession(database.pool, claim.sessionId);
  const recorder = createRecorder({ database, sessionId: claim.sessionId, epoch: claim.epoch });
  const masker = createMasker(resolveAlertMasking(kernel.config.current()));
  const context: RunContext = { kernel, session, recorder, masker, signal, log: kernel.log };
  try {
    return await runStages(context);
  } finally {
    await recorder.flush().catch(() => undefined);
  }
}

async function runStages(context: RunContext): Promise<SessionEnd> {
  const { session, kernel } = context;
  const states = await loadRunRows(kernel.database.pool, session.id);
  const earlierStages: { name: string; result: string }[] = [];
  for (const planned of planStages(session.snapshot, session.mcpSelection)) {
    context.signal.throwIfAborted();
    const existing = states.find(({ stage }) => stage.index === planned.index);
    const state = existing ?? (await openStage(context, planned));
    if (planned.type === 'summary') {
      await runSummaryStage(context, planned, state, earlierStages);
      continue;
    }
    const result = state.stage.status === 'completed' ? state.stage.result : null;
    const outcome: StageResult =
      result === null
        ? await runStage(context, planned, state, earlierStages)
        : { status: 'completed', result };
    if (outcome.status !== 'completed') {
      return {
        status: outcome.status,
        error: `Stage "${planned.name}" ${outcome.status.replace('_', ' ')}: ${outcome.error}`,
      };
    }
    earlierStages.push({ name: planned.name, result: outcome.result });
  }
  if (earlierStages.every(({ result }) => result.trim() === '')) {
    return { status: 'failed', error: 'No stage came to a result.' };
  }
  return { status: 'completed' };
}

async function openStage(context: RunContext, planned: PlannedStage): Promise<StageState> {
  const { session, kernel, recorder } = context;
  const config = kernel.config.current();
  const now = new Date().toISOString();
  const stage: StageRow = {
    id: newId(),
    sessionId: session.id,
    index: planned.index,
    name: planned.name,
    type: planned.type,
    status: 'running',
    error: null,
    result: null,
    startedAt: now,
    completedAt: null,
  };
  const executions = planned.executions.map(
    ({ name, settings }, index): ExecutionRow => ({
      id: newId(),
      sessionId: session.id,
      stageId: stage.id,
      parentExecutionId: null,
      index,
      agent: name,
      status: 'pending',
      provider: settings.llmProvider,
      model: config.llmProviders[settings.llmProvider]?.model ?? '',
      iterations: 0,
      error: null,
      result: null,
      startedAt: null,
      completedAt: null,
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
    if (result === null || result.trim() === '') return;
    await batch.sql.query('update session set final_analysis = $2 where id = $1', [stage.sessionId, result]);
    batch.emit({ type: 'session.patch', payload: { finalAnalysis: result } });
    const evidence = linkEvidence(result, await loadEvidenceTargets(batch.sql, stage.sessionId));
    batch.startItem({
      stageId: stage.id,
      executionId: executions[0]?.id ?? null,
      type: 'final_analysis',
      status: 'completed',
      content: result,
      data: { evidence },
    });
  });
  return outcome;
}

/** Fails open: without a summary the session is completed all the same and says why it has none. */
async function runSummaryStage(
  context: RunContext,
  planned: PlannedStage,
  { stage, executions }: StageState,
  earlierStages: { name: string; result: string }[],
): Promise<void> {
  const execution = executions[0];
  const settings = planned.executions[0]?.settings;
  if (!execution || !settings || stage.completedAt !== null) return;
  const analysis = earlierStages.findLast(({ result }) => result.trim() !== '')?.result ?? '';
  const outcome =
    execution.completedAt === null
      ? await writeSummary(context, { execution, settings, analysis })
      : writtenBefore(execution);
  await context.recorder.commit(async (batch) => {
    const executiveSummary = 'summary' in outcome ? outcome.summary : null;
    const executiveSummaryError = 'summary' in outcome ? null : outcome.error;
    Object.assign(stage, {
      status: executiveSummary === null ? 'failed' : 'completed',
      result: executiveSummary,
      error: executiveSummaryError,
      completedAt: new Date().toISOString(),
    });
    await saveStage(batch, stage);
    await batch.sql.query(
      'update session set executive_summary = $2, executive_summary_error = $3 where id = $1',
      [stage.sessionId, executiveSummary, executiveSummaryError],
    );
    batch.emit({ type: 'session.patch', payload: { executiveSummary, executiveSummaryError } });
  });
}

/** What the summary's execution came to, when the run was interrupted between it and the end of its stage. */
const writtenBefore = ({ result, error }: ExecutionRow): SummaryOutcome =>
  result === null ? { error: error ?? 'it was interrupted' } : { summary: result };

async function finish(kernel: Kernel, claim: Claim, end: SessionEnd): Promise<void> {
  const { sessionId, epoch } = claim;
  const written = await kernel.database.transaction(async (sql) => {
    if (await finishSession(sql, { sessionId, end, epoch })) return end;
    // Still ours but in no state for that end: it was cancelled while its last step was written.
    const cancelled: SessionEnd = { status: 'cancelled' };
    return (await finishSession(sql, { sessionId, end: cancelled, epoch })) ? cancelled : null;
  });
  if (!written) return;
  await observeEnd(kernel, sessionId, written);
  kernel.log.info({ status: written.status, error: written.error }, 'session ended');
}

/** An interrupted run: ends the session when that is what the interruption means, else leaves it to the next claim. */
async function settleFailure(
  kernel: Kernel,
  claim: Claim,
  signal: AbortSignal | undefined,
  error: unknown,
): Promise<void> {
  const { log } = kernel;
  const reason: unknown = signal?.aborted ? signal.reason : error;
  try {
    if (reason instanceof StopError) {
      switch (reason.why) {
        case 'cancelled':
          return await finish(kernel, claim, { status: 'cancelled' });
        case 'timed_out':
          return await finish(kernel, claim, {
            status: 'timed_out',
            statusReason: 'session timeout',
            error: reason.message,
          });
        case 'shutdown':
          log.info('run handed back: this worker is shutting down');
          return await releaseLease(kernel.database.pool, claim);
        case 'lost':
          return log.warn('run stopped: another worker has taken it over');
      }
    }
    if (reason instanceof LeaseLostError) return log.warn('run stopped: another worker has taken it over');
    if (isConnectionError(reason)) {
      return log.warn(
        { err: reason },
        'run stopped: the database went away; it is resumed when the lease is stale',
      );
    }
    log.error({ err: reason }, 'run failed');
    await finish(kernel, claim, {
      status: 'failed',
      error: `TARS failed while running this session: ${errorMessage(reason)}`,
    });
  } catch (settleError) {
    // Nothing was written: the lease goes stale and the next claim settles it.
    log.warn({ err: settleError }, 'the end of the run could not be written');
  }
}

async function observeEnd(kernel: Kernel, sessionId: string, end: SessionEnd): Promise<void> {
  const { rows } = await kernel.database.pool.query<{ chain: string; seconds: number | null }>(
    'select chain, extract(epoch from completed_at - started_at)::float as seconds from session where id = $1',
    [sessionId],
  );
  const row = rows[0];
  if (!row) return;
  kernel.metrics.sessionsTerminal.inc({ chain: row.chain, status: end.status });
  if (row.seconds !== null) kernel.metrics.sessionDuration.observe({ chain: row.chain }, row.seconds);
}
