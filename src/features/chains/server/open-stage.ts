import type { RunContext } from '#src/features/agents/server/index.ts';
import {
  type ExecutionRow,
  newExecution,
  newStage,
  type StageRow,
  saveExecution,
  saveStage,
} from '#src/features/sessions/server/index.ts';
import type { PlannedStage } from './plan-stages.ts';

export type StageState = { stage: StageRow; executions: ExecutionRow[] };

/** Writes a stage and its executions, before any of them does anything. */
export async function openStage(
  context: RunContext,
  { planned, synthesisOfId = null }: { planned: PlannedStage; synthesisOfId?: string | null },
): Promise<StageState> {
  const { session, kernel, recorder } = context;
  const { llmProviders } = kernel.config.current();
  const stage = newStage({
    ...headOf(context, planned),
    parallel: planned.parallel,
    successPolicy: planned.parallel ? planned.successPolicy : null,
    synthesisOfId,
  });
  const executions = planned.executions.map(({ name, settings }, index) =>
    newExecution({
      sessionId: session.id,
      stageId: stage.id,
      index,
      agent: name,
      provider: settings.llmProvider,
      model: llmProviders[settings.llmProvider]?.model ?? '',
    }),
  );
  await recorder.commit(async (batch) => {
    saveStage(batch, stage);
    for (const execution of executions) saveExecution(batch, execution);
  });
  return { stage, executions };
}

/** Keeps that a stage was reached and why it did not run. */
export async function skipStage(context: RunContext, planned: PlannedStage, why: string): Promise<StageRow> {
  const now = new Date().toISOString();
  const stage = newStage({
    ...headOf(context, planned),
    status: 'completed',
    skipped: why,
    startedAt: now,
    completedAt: now,
  });
  await context.recorder.commit((batch) => saveStage(batch, stage));
  return stage;
}

const headOf = ({ session }: RunContext, planned: PlannedStage) => ({
  sessionId: session.id,
  index: planned.index,
  name: planned.name,
  type: planned.type,
});
