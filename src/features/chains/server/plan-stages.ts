import type { StageView } from '#src/features/sessions/schema.ts';
import {
  type ChainSnapshot,
  type ResolvedExecution,
  resolveExecution,
  resolveSuccessPolicy,
  resolveSupportExecution,
  type SuccessPolicy,
} from '#src/server/config/index.ts';

export type PlannedExecution = { name: string; settings: ResolvedExecution };

export type PlannedStage = {
  index: number;
  name: string;
  type: StageView['type'];
  successPolicy: SuccessPolicy;
  /** In configured order, which is the order of their results. */
  executions: PlannedExecution[];
};

type McpSelection = { servers: { name: string; tools?: string[] | undefined }[] } | null;

/** The stages that a chain runs, from the session's snapshot alone: the same on every resume. */
export function planStages(snapshot: ChainSnapshot, mcpSelection: McpSelection): PlannedStage[] {
  const { chain } = snapshot;
  const stages = chain.stages.map((stage, index): PlannedStage => {
    const agents =
      stage.replicas > 1 ? Array.from({ length: stage.replicas }, () => stage.agents[0]) : stage.agents;
    const executions = agents.flatMap((stageAgent, position): PlannedExecution[] => {
      if (!stageAgent) return [];
      const settings = resolveExecution({
        config: snapshot,
        chain,
        stage,
        stageAgent,
        alertMcp: mcpSelection?.servers ?? null,
      });
      return [
        { name: stage.replicas > 1 ? `${stageAgent.name}-${position + 1}` : stageAgent.name, settings },
      ];
    });
    const isAction = executions.every(({ settings }) => settings.type === 'action');
    return {
      index,
      name: stage.name,
      type: isAction ? 'action' : 'investigation',
      successPolicy: resolveSuccessPolicy(snapshot, chain, stage),
      executions,
    };
  });
  if (chain.executiveSummary.enabled) stages.push(planSummary(snapshot, stages.length));
  return stages;
}

function planSummary(snapshot: ChainSnapshot, index: number): PlannedStage {
  const settings = resolveSupportExecution({ config: snapshot, chain: snapshot.chain, role: 'summary' });
  return {
    index,
    name: 'executive summary',
    type: 'summary',
    successPolicy: 'any',
    executions: [{ name: settings.agent, settings }],
  };
}
