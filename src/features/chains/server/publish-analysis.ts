import { linkEvidence, type RunContext } from '#src/features/agents/server/index.ts';
import type { StageRow } from '#src/features/sessions/server/index.ts';
import { loadEvidenceTargets } from './load-run-session.ts';

/** What a stage hands on to later ones. */
export type Finding = {
  /** Of the configured stage, also when a synthesis speaks for it. */
  name: string;
  stage: StageRow;
  executionId: string | null;
  result: string;
};

/** Writes the final analysis once, with its links from claims to tool calls; a resumed run finds it written. */
export async function publishAnalysis(context: RunContext, findings: readonly Finding[]): Promise<void> {
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
