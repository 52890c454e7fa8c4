import {
  type ExecutionRow,
  loadRunRows,
  newExecution,
  saveExecution,
} from '#src/features/sessions/server/index.ts';
import type { ResolvedExecution } from '#src/server/config/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { FollowUpRun } from './run-follow-up.ts';

/** The one execution of a follow-up's stage, running: a new one, or the one that an interrupted worker had begun. */
export async function openExecution(
  kernel: Kernel,
  { followUp, recorder }: FollowUpRun,
  settings: ResolvedExecution,
): Promise<ExecutionRow> {
  const [state] = await loadRunRows(kernel.database.pool, followUp.sessionId, followUp.id);
  if (!state) throw new Error(`follow-up ${followUp.id} has no stage`);
  const execution =
    state.executions[0] ??
    newExecution({
      sessionId: followUp.sessionId,
      stageId: state.stage.id,
      index: 0,
      agent: settings.agent,
      provider: settings.llmProvider,
      model: kernel.config.current().llmProviders[settings.llmProvider]?.model ?? '',
    });
  const startedAt = execution.startedAt ?? new Date().toISOString();
  Object.assign(execution, { status: 'running', startedAt });
  await recorder.commit((batch) => saveExecution(batch, execution));
  return execution;
}
