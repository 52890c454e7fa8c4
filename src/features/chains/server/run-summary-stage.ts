import { type RunContext, type SummaryOutcome, writeSummary } from '#src/features/agents/server/index.ts';
import { type ExecutionRow, type StageRow, saveStage } from '#src/features/sessions/server/index.ts';
import { openStage } from './open-stage.ts';
import type { PlannedStage } from './plan-stages.ts';

/** Fails open: without a summary the session is completed all the same and says why it has none. */
export async function runSummaryStage(
  context: RunContext,
  options: {
    planned: PlannedStage;
    existing: { stage: StageRow; executions: ExecutionRow[] } | undefined;
    /** What is summarised. */
    analysis: string;
  },
): Promise<void> {
  const { planned, existing, analysis } = options;
  const budget = existing ? null : context.budget.exceeded();
  if (budget) return noteNoSummary(context, `Not written: ${budget.reason}`);
  const { stage, executions } = existing ?? (await openStage(context, { planned }));
  const execution = executions[0];
  const settings = planned.executions[0]?.settings;
  if (!execution || !settings || stage.completedAt !== null) return;
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
    saveStage(batch, stage);
    await batch.sql.query(
      'update session set executive_summary = $2, executive_summary_error = $3 where id = $1',
      [stage.sessionId, executiveSummary, executiveSummaryError],
    );
    batch.emit({ type: 'session.patch', payload: { executiveSummary, executiveSummaryError } });
  });
}

async function noteNoSummary(context: RunContext, executiveSummaryError: string): Promise<void> {
  await context.recorder.commit(async (batch) => {
    await batch.sql.query('update session set executive_summary_error = $2 where id = $1', [
      context.session.id,
      executiveSummaryError,
    ]);
    batch.emit({ type: 'session.patch', payload: { executiveSummaryError } });
  });
}

/** What the summary's execution came to, when the run was interrupted between it and the end of its stage. */
const writtenBefore = ({ result, error }: ExecutionRow): SummaryOutcome =>
  result === null ? { error: error ?? 'it was interrupted' } : { summary: result };
