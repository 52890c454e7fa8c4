import { type RunContext, type SummaryOutcome, writeSummary } from '#src/features/agents/server/index.ts';
import { type ExecutionRow, type StageRow, saveStage } from '#src/features/sessions/server/index.ts';
import type { PlannedStage } from './plan-stages.ts';

/** Fails open: without a summary the session is completed all the same and says why it has none. */
export async function runSummaryStage(
  context: RunContext,
  options: {
    planned: PlannedStage;
    state: { stage: StageRow; executions: ExecutionRow[] };
    /** What is summarised. */
    analysis: string;
  },
): Promise<void> {
  const { planned, analysis } = options;
  const { stage, executions } = options.state;
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
