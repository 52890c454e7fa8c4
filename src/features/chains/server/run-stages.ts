import { type BudgetStop, markBudget, type RunContext } from '#src/features/agents/server/index.ts';
import { loadRunRows, type SessionEnd, StopError } from '#src/features/sessions/server/index.ts';
import { whyNotWhen } from './decide-when.ts';
import { openStage, type StageState, skipStage } from './open-stage.ts';
import { type PlannedStage, planStages } from './plan-stages.ts';
import { type Finding, publishAnalysis } from './publish-analysis.ts';
import { runStage, type StageOutcome } from './run-stage.ts';
import { runSummaryStage } from './run-summary-stage.ts';

/** How far the stages have come: to an end of the session, or to where people have to decide. */
export type ChainOutcome = SessionEnd | 'waiting';

/**
 * Runs the stages that are not completed yet, one after the other; the first that fails ends the chain, and so does a budget
 * that is used up. The last result is the final analysis, also when a later stage failed or time ran out: what was found is
 * not lost.
 */
export async function runStages(context: RunContext): Promise<ChainOutcome> {
  const findings: Finding[] = [];
  try {
    return await runPlan(context, findings);
  } catch (error) {
    const reason: unknown = context.signal.reason;
    if (reason instanceof StopError && reason.why === 'timed_out') await publishAnalysis(context, findings);
    throw error;
  }
}

/** Adds to `findings` what completed stages found. */
async function runPlan(context: RunContext, findings: Finding[]): Promise<ChainOutcome> {
  const { session, kernel } = context;
  const states = (await loadRunRows(kernel.database.pool, session.id)).filter(
    ({ stage }) => stage.followUpId === null,
  );
  for (const planned of planStages(session.snapshot, session.mcpSelection)) {
    context.signal.throwIfAborted();
    const existing = states.find(({ stage }) => stage.index === planned.index);
    // A budget that is used up leaves the rest of the chain out: what is there is the answer.
    const budget = context.budget.exceeded();
    if (budget && !existing && findings.length > 0 && planned.type !== 'summary') {
      await noteLeftOut(context, budget);
      continue;
    }
    if (planned.type === 'summary') {
      await publishAnalysis(context, findings);
      await runSummaryStage(context, { planned, existing, analysis: findings.at(-1)?.result ?? '' });
      continue;
    }
    const outcome = await runOrSkip(context, { planned, existing, findings });
    if (outcome === 'waiting') return 'waiting';
    if (outcome === 'skipped') continue;
    if (outcome.status !== 'completed') {
      await publishAnalysis(context, findings);
      const error = `Stage "${planned.name}" ${outcome.status.replace('_', ' ')}: ${outcome.error}`;
      return { status: outcome.status, error };
    }
    keepFinding(findings, planned, outcome.finding);
  }
  await publishAnalysis(context, findings);
  if (findings.length === 0) return { status: 'failed', error: 'No stage came to a result.' };
  return { status: 'completed' };
}

/** Said once; an agent that was asked for its conclusion has said it before. */
function noteLeftOut({ recorder }: RunContext, { kind, reason }: BudgetStop): Promise<void> {
  return recorder.commit(async (batch) => {
    if (!(await markBudget(batch, recorder.sessionId, kind))) return;
    batch.startItem({
      stageId: null,
      executionId: null,
      type: 'budget',
      status: 'completed',
      content: `${reason} The rest of the chain is left out.`,
      data: { budget: kind },
    });
  });
}

/** A synthesis stands for the raw results of the stage that it combined. */
function keepFinding(findings: Finding[], planned: PlannedStage, finding: Finding | null): void {
  if (!finding || finding.result.trim() === '') return;
  if (planned.type === 'synthesis')
    findings.splice(-1, 1, { ...finding, name: findings.at(-1)?.name ?? finding.name });
  else findings.push(finding);
}

async function runOrSkip(
  context: RunContext,
  options: { planned: PlannedStage; existing: StageState | undefined; findings: readonly Finding[] },
): Promise<StageOutcome | 'skipped'> {
  const { planned, existing, findings } = options;
  if (existing?.stage.skipped) return 'skipped';
  const earlier = findings.map(({ name, result }) => ({ stage: name, result }));
  const whyNot = planned.when && !existing ? whyNotWhen(planned.when, earlier) : null;
  if (whyNot) {
    await skipStage(context, planned, whyNot);
    return 'skipped';
  }
  const combined = planned.type === 'synthesis' ? (findings.at(-1) ?? null) : null;
  // Nothing to combine: the stage before came to nothing, or was skipped.
  if (planned.type === 'synthesis' && (!combined || combined.stage.index !== planned.index - 1))
    return 'skipped';
  const state =
    existing ?? (await openStage(context, { planned, synthesisOfId: combined?.stage.id ?? null }));
  return runStage(context, { planned, state, findings });
}
