import {
  composeInvestigationPrompt,
  type ExecutionPlan,
  type RunContext,
  withoutVerdict,
} from '#src/features/agents/server/index.ts';
import { composeSynthesis } from './compose-synthesis.ts';
import { loadStageRecord } from './load-stage-record.ts';
import { isAction, type PlannedStage, planStages } from './plan-stages.ts';
import type { Finding } from './publish-analysis.ts';

/** What the agents of a stage are told: the alert with what was found before, or, for a synthesis, what was done. */
export function composeStagePrompt(
  context: RunContext,
  { planned, findings }: { planned: PlannedStage; findings: readonly Finding[] },
): ExecutionPlan['compose'] {
  const { session, kernel } = context;
  const last = findings.at(-1);
  if (planned.type === 'synthesis' && last) {
    return async ({ contextChars }) => {
      const combined = planStages(session.snapshot, session.mcpSelection)[last.stage.index];
      const agents = (await loadStageRecord(kernel.database.pool, last.stage.id)).map((agent, index) =>
        combined && isAction(combined, index) && agent.result !== null
          ? { ...agent, result: withoutVerdict(agent.result) }
          : agent,
      );
      return composeSynthesis({
        alert: session.alert,
        check: session.check,
        stage: last.name,
        agents,
        contextChars,
      });
    };
  }
  const earlierStages = findings.map(({ name, result }) => ({ name, result }));
  return ({ contextChars, hints }) =>
    composeInvestigationPrompt({
      alert: session.alert,
      check: session.check,
      runbook: { text: session.runbook, note: session.runbookNote },
      earlierStages,
      hints,
      acts: planned.type === 'action',
      contextChars,
    });
}
