import type { RunSession } from '#src/features/agents/server/index.ts';
import type { StageView } from '#src/features/sessions/schema.ts';
import {
  type ChainSnapshot,
  type ResolvedExecution,
  resolveExecution,
  resolveSuccessPolicy,
  resolveSupportExecution,
  type StageConfig,
  type SuccessPolicy,
  type WhenConfig,
} from '#src/server/config/index.ts';

export type PlannedExecution = { name: string; settings: ResolvedExecution };

export type PlannedStage = {
  index: number;
  name: string;
  type: StageView['type'];
  successPolicy: SuccessPolicy;
  /** Several executions: different agents, or replicas of one. */
  parallel: StageView['parallel'];
  stopEarly: boolean;
  when: WhenConfig | null;
  /** In configured order, which is the order of their results. */
  executions: PlannedExecution[];
};

type Selection = RunSession['mcpSelection'];

/** Whether that execution of the stage acts, and ends its answer with a verdict. */
export const isAction = ({ executions }: PlannedStage, index: number): boolean =>
  executions[index]?.settings.type === 'action';

/**
 * The stages that a chain runs, from the session's snapshot alone: the same on every resume. More than one agent in a
 * stage is followed by a synthesis, which combines the stage right before it.
 */
export function planStages(snapshot: ChainSnapshot, mcpSelection: Selection): PlannedStage[] {
  const { chain } = snapshot;
  const stages: PlannedStage[] = [];
  for (const stage of chain.stages) {
    const planned = planStage(snapshot, stage, mcpSelection, stages.length);
    stages.push(planned);
    if (planned.executions.length > 1 && (stage.synthesis?.enabled ?? true))
      stages.push(planSynthesis(snapshot, stage, stages.length));
  }
  if (chain.executiveSummary.enabled) stages.push(planSummary(snapshot, stages.length));
  return stages;
}

function planStage(
  snapshot: ChainSnapshot,
  stage: StageConfig,
  mcpSelection: Selection,
  index: number,
): PlannedStage {
  const { chain } = snapshot;
  const isReplicated = stage.replicas > 1;
  const agents = isReplicated ? Array.from({ length: stage.replicas }, () => stage.agents[0]) : stage.agents;
  const executions = agents.flatMap((stageAgent, position): PlannedExecution[] => {
    if (!stageAgent) return [];
    const settings = resolveExecution({
      config: snapshot,
      chain,
      stage,
      stageAgent,
      alertMcp: mcpSelection?.servers ?? null,
      alertNativeTools: mcpSelection?.nativeTools,
    });
    return [{ name: isReplicated ? `${stageAgent.name}-${position + 1}` : stageAgent.name, settings }];
  });
  const parallel = executions.length < 2 ? null : isReplicated ? 'replicas' : 'agents';
  return {
    index,
    name: stage.name,
    type: executions.every(({ settings }) => settings.type === 'action') ? 'action' : 'investigation',
    successPolicy: resolveSuccessPolicy(snapshot, chain, stage),
    parallel,
    stopEarly: stage.stopEarly,
    when: stage.when ?? null,
    executions,
  };
}

const single = { successPolicy: 'any', parallel: null, stopEarly: false, when: null } as const;

function planSynthesis(snapshot: ChainSnapshot, stage: StageConfig, index: number): PlannedStage {
  const settings = resolveSupportExecution({
    config: snapshot,
    chain: snapshot.chain,
    role: 'synthesis',
    stage,
  });
  return {
    ...single,
    index,
    name: `${stage.name} · synthesis`,
    type: 'synthesis',
    executions: [{ name: settings.agent, settings }],
  };
}

function planSummary(snapshot: ChainSnapshot, index: number): PlannedStage {
  const settings = resolveSupportExecution({ config: snapshot, chain: snapshot.chain, role: 'summary' });
  return {
    ...single,
    index,
    name: 'executive summary',
    type: 'summary',
    executions: [{ name: settings.agent, settings }],
  };
}
