import { isTerminal } from '#src/features/sessions/schema.ts';
import { type Batch, loadRunRows, type StageRow, saveStage } from '#src/features/sessions/server/index.ts';

/** Brings the stage of a follow-up to the state of the follow-up, which is how everybody sees it. */
export async function mirrorStage(
  batch: Batch,
  options: { sessionId: string; followUpId: string },
  change: Partial<Pick<StageRow, 'status' | 'error' | 'result' | 'startedAt' | 'completedAt'>>,
): Promise<void> {
  for (const { stage } of await loadRunRows(batch.sql, options.sessionId, options.followUpId)) {
    if (!isTerminal(stage.status)) saveStage(batch, { ...stage, ...change });
  }
}
