import { formatQuantity } from '#src/lib/format-number.ts';
import type { StageView } from '../schema.ts';
import { agentTree, flattenAgents } from './agent-tree.ts';

/** What is special about a stage, in words: who works in it and when it counts as done. Empty for a plain one. */
export function describeStage(stage: StageView, stages: readonly StageView[]): string {
  const agents = agentTree(stage);
  const below = flattenAgents(agents).length - agents.length;
  const source = stages.find(({ id }) => id === stage.synthesisOfId);
  return [
    source ? `combines the answers of ${source.name}` : '',
    agents.length > 1
      ? `${agents.length} ${stage.parallel === 'replicas' ? 'replicas' : 'agents'} in parallel`
      : '',
    agents.length > 1 && stage.successPolicy
      ? stage.successPolicy === 'any'
        ? 'one answer is enough'
        : 'all must succeed'
      : '',
    below > 0 ? formatQuantity(below, 'sub-agent') : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Whether an action stage has changed something; null while that is not known, and for other stages. */
export function describeActions({ type, actionsExecuted }: StageView): string | null {
  if (type !== 'action' || actionsExecuted === null) return null;
  return actionsExecuted ? 'Reports that it changed something' : 'Reports that it changed nothing';
}
