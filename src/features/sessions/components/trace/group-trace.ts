import type { StageView, TraceItem } from '../../schema.ts';
import { type AgentNode, agentTree, flattenAgents } from '../agent-tree.ts';

export type AgentCalls = { agent: AgentNode; calls: TraceItem[] };
export type TraceGroup = {
  /** Null for calls that no stage made: the executive summary of a whole session, for example. */
  stage: StageView | null;
  agents: AgentCalls[];
  /** Calls of no agent. */
  calls: TraceItem[];
};

/** The calls stage by stage and agent by agent, sub-agents after who dispatched them; what made no call is left out. */
export function groupTrace(items: readonly TraceItem[], stages: readonly StageView[]): TraceGroup[] {
  const byExecution = Map.groupBy(items, ({ executionId }) => executionId);
  const known = new Set(stages.flatMap((stage) => stage.executions.map(({ id }) => id)));
  const staged = stages.map((stage): TraceGroup => {
    const agents = flattenAgents(agentTree(stage)).map((agent) => ({
      agent,
      calls: byExecution.get(agent.execution.id) ?? [],
    }));
    return { stage, agents: agents.filter(({ calls }) => calls.length > 0), calls: [] };
  });
  const rest = items.filter(({ executionId }) => executionId === null || !known.has(executionId));
  const groups: TraceGroup[] = [
    ...staged.filter(({ agents }) => agents.length > 0),
    { stage: null, agents: [], calls: rest },
  ];
  return groups.filter(({ agents, calls }) => agents.length > 0 || calls.length > 0);
}

/** The calls as they stand on the page, for the keyboard. */
export const callsInOrder = (groups: readonly TraceGroup[]): TraceItem[] =>
  groups.flatMap(({ agents, calls }) => [...agents.flatMap((agent) => agent.calls), ...calls]);
