import {
  type CrewMember,
  createCrew,
  createStopper,
  type ExecutionPlan,
  type RunContext,
  runExecution,
  withoutVerdict,
} from '#src/features/agents/server/index.ts';
import { closeExecution, type ExecutionRow, saveStage } from '#src/features/sessions/server/index.ts';
import { aggregateStage, type StageResult } from './aggregate-stage.ts';
import { composeStagePrompt } from './compose-stage-prompt.ts';
import type { StageState } from './open-stage.ts';
import { isAction, type PlannedStage } from './plan-stages.ts';
import type { Finding } from './publish-analysis.ts';
import { settleActions } from './settle-actions.ts';

export type StageOutcome =
  | 'waiting'
  | { status: 'completed'; finding: Finding | null }
  | Exclude<StageResult, { status: 'completed' }>;

/**
 * Runs the executions of a stage that have not ended, side by side (one is not special), and writes what the stage came to.
 * `waiting` when all that is left waits for people; nothing is written then.
 */
export async function runStage(
  context: RunContext,
  options: { planned: PlannedStage; state: StageState; findings: readonly Finding[] },
): Promise<StageOutcome> {
  const { planned, state, findings } = options;
  const { stage } = state;
  const executions = state.executions.filter(({ parentExecutionId }) => parentExecutionId === null);
  if (stage.completedAt !== null) return settled(planned, state, executions);
  if (stage.status === 'waiting') {
    stage.status = 'running';
    await context.recorder.commit((batch) => saveStage(batch, stage));
  }
  const compose = composeStagePrompt(context, { planned, findings });
  if (!(await runExecutions(context, { planned, executions, compose }))) return 'waiting';
  const outcome = aggregateStage(executions.map(handedOn(planned)), planned.successPolicy);
  await context.recorder.commit(async (batch) => {
    const result = outcome.status === 'completed' ? outcome.result : null;
    const error = outcome.status === 'completed' ? null : outcome.error;
    const actionsExecuted = planned.type === 'action' ? await settleActions(batch, executions) : null;
    Object.assign(stage, {
      status: outcome.status,
      result,
      error,
      actionsExecuted,
      completedAt: new Date().toISOString(),
    });
    saveStage(batch, stage);
  });
  if (stage.actionsExecuted !== null) {
    context.kernel.metrics.actionStages.inc({
      chain: context.session.snapshot.name,
      changed: String(stage.actionsExecuted),
    });
  }
  return settled(planned, state, executions);
}

/** What of an execution later stages and people read: the verdict of an action agent is for us, whatever it works beside. */
const handedOn = (planned: PlannedStage) => (execution: ExecutionRow) =>
  isAction(planned, execution.index) && execution.result !== null
    ? { ...execution, result: withoutVerdict(execution.result) }
    : execution;

/** Returns false when what is left waits for people. */
async function runExecutions(
  context: RunContext,
  options: {
    planned: PlannedStage;
    executions: readonly ExecutionRow[];
    compose: ExecutionPlan['compose'];
  },
): Promise<boolean> {
  const { planned, executions, compose } = options;
  // Whoever stopped before the others were ended: they are not begun again.
  if (isDecided(planned, executions)) {
    await dropRest(context, executions);
    return true;
  }
  const crew = createCrew(context);
  const stoppers = executions.map(() => createStopper());
  try {
    for (const [index, execution] of executions.entries()) {
      const settings = planned.executions[execution.index]?.settings;
      if (execution.completedAt !== null || !settings) continue;
      const stop = stoppers[index]?.signal;
      const purpose = planned.type === 'synthesis' ? 'synthesis' : 'iteration';
      const plan: ExecutionPlan = { execution, settings, compose, purpose, ...(stop ? { stop } : {}) };
      const member: CrewMember = { execution, run: () => runExecution(context, plan) };
      crew.add(member);
    }
    while (crew.counts().active > 0) {
      await crew.change();
      if (!isDecided(planned, executions)) continue;
      for (const stopper of stoppers)
        stopper.stop('Not needed any more: another agent of the stage succeeded.');
      await crew.idle();
    }
    context.signal.throwIfAborted();
    if (!isDecided(planned, executions)) return crew.counts().waiting === 0;
    crew.close();
    await dropRest(context, executions);
    return true;
  } finally {
    crew.close();
  }
}

/** The policy is met, and the stage shall not wait for the others. */
const isDecided = (planned: PlannedStage, executions: readonly ExecutionRow[]): boolean =>
  planned.stopEarly &&
  planned.successPolicy === 'any' &&
  executions.some(({ status }) => status === 'completed');

async function dropRest(context: RunContext, executions: readonly ExecutionRow[]): Promise<void> {
  const left = executions.filter(({ completedAt }) => completedAt === null);
  if (left.length === 0) return;
  const error = 'Not needed any more: another agent of the stage succeeded.';
  await context.recorder.commit(async (batch) => {
    for (const execution of left) await closeExecution(batch, execution, { status: 'cancelled', error });
  });
}

/** What a stage that has ended came to. */
function settled(
  planned: PlannedStage,
  { stage }: StageState,
  executions: readonly ExecutionRow[],
): StageOutcome {
  const { status, result, error } = stage;
  if (status === 'completed') {
    if (result === null) return { status, finding: null };
    const speaker = executions.find((execution) => execution.status === 'completed');
    return { status, finding: { name: planned.name, stage, executionId: speaker?.id ?? null, result } };
  }
  const failed = status === 'timed_out' || status === 'cancelled' ? status : 'failed';
  return { status: failed, error: error ?? 'it ended without a result' };
}
