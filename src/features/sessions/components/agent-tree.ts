import type { ExecutionView, StageView } from '../schema.ts';

/**
 * How an agent is told apart without colour: `letter` is short enough for every line (A, B, … within a stage, A1, A2 for what
 * A has dispatched), `name` is what the configuration calls it.
 */
export type AgentMark = { letter: string; name: string };
export type AgentNode = { execution: ExecutionView; mark: AgentMark; children: AgentNode[] };

/** The agents of a stage in configured order, each with the sub-agents it has dispatched. */
export function agentTree({ executions }: Pick<StageView, 'executions'>): AgentNode[] {
  const byParent = Map.groupBy(executions, ({ parentExecutionId }) => parentExecutionId);
  const nodesBelow = (parentId: string | null, letters: (at: number) => string): AgentNode[] => {
    const siblings = (byParent.get(parentId) ?? []).toSorted((a, b) => a.index - b.index);
    return siblings.map((execution, at) => {
      const letter = letters(at);
      return {
        execution,
        mark: { letter, name: nameAmong(execution, siblings) },
        children: nodesBelow(
          execution.id,
          (child) => `${letter}${/\d$/.test(letter) ? '.' : ''}${child + 1}`,
        ),
      };
    });
  };
  return nodesBelow(null, letterAt);
}

/** Every node below these, they themselves first. */
export const flattenAgents = (nodes: readonly AgentNode[]): AgentNode[] =>
  nodes.flatMap((node) => [node, ...flattenAgents(node.children)]);

/** Whether agents work side by side in the stage, sub-agents aside. */
export const isParallel = ({ executions }: Pick<StageView, 'executions'>): boolean =>
  executions.filter(({ parentExecutionId }) => parentExecutionId === null).length > 1;

/** The agent's name; replicas of one agent are numbered. */
function nameAmong(execution: ExecutionView, siblings: readonly ExecutionView[]): string {
  const same = siblings.filter(({ agent }) => agent === execution.agent);
  return same.length > 1 ? `${execution.agent} ${same.indexOf(execution) + 1}` : execution.agent;
}

const LETTERS = 26;

/** A … Z, AA, AB … */
const letterAt = (index: number): string =>
  (index >= LETTERS ? letterAt(Math.floor(index / LETTERS) - 1) : '') +
  String.fromCodePoint('A'.charCodeAt(0) + (index % LETTERS));
