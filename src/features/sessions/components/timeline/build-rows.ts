import type { ExecutionView, StageView, TimelineItem } from '../../schema.ts';

/** One line of the timeline. `key` is stable while a session runs. */
export type TimelineRow =
  | { kind: 'stage'; key: string; stage: StageView }
  | {
      kind: 'item';
      key: string;
      item: TimelineItem;
      agent: string | null;
      /** When its agent went on to the next entry, for a thought that is still open; else null. */
      overtakenAt: string | null;
    };

type Sources = { stages: readonly StageView[]; items: readonly TimelineItem[] };

/**
 * Items in the order in which they started, with a separator where a stage begins. In a stage with several agents the
 * items of each carry the agent's name where it changes. A stage that has not produced anything yet still shows.
 */
export function buildRows({ stages, items }: Sources): TimelineRow[] {
  const stageById = new Map(stages.map((stage) => [stage.id, stage]));
  const agentOf = new Map(
    stages
      .filter((stage) => stage.executions.length > 1)
      .flatMap((stage) =>
        stage.executions.map((execution) => [execution.id, agentLabel(execution, stage)] as const),
      ),
  );
  const overtaken = findOvertaken(items);
  const rows: TimelineRow[] = [];
  const seen = new Set<string>();
  let lastAgent: string | null = null;
  const separate = (stage: StageView) => {
    if (seen.has(stage.id)) return;
    seen.add(stage.id);
    lastAgent = null;
    rows.push({ kind: 'stage', key: `stage:${stage.id}`, stage });
  };
  for (const item of items) {
    const stage = item.stageId ? stageById.get(item.stageId) : undefined;
    if (stage) separate(stage);
    const agent = item.executionId ? (agentOf.get(item.executionId) ?? null) : null;
    rows.push({
      kind: 'item',
      key: item.id,
      item,
      agent: agent === lastAgent ? null : agent,
      overtakenAt: overtaken.get(item.id) ?? null,
    });
    lastAgent = agent;
  }
  for (const stage of stages) separate(stage);
  return rows;
}

/** Thoughts that are open although their agent has gone on: it does not think and write at the same time. */
function findOvertaken(items: readonly TimelineItem[]): ReadonlyMap<string, string> {
  const thinking = new Map<string | null, string>();
  const overtaken = new Map<string, string>();
  for (const item of items) {
    const thought = thinking.get(item.executionId);
    if (thought !== undefined) {
      overtaken.set(thought, item.startedAt);
      thinking.delete(item.executionId);
    }
    if (item.type === 'thinking' && item.status === 'streaming') thinking.set(item.executionId, item.id);
  }
  return overtaken;
}

/** The agent's name; replicas of one agent are numbered. */
export function agentLabel(execution: ExecutionView, stage: StageView): string {
  const same = stage.executions.filter(({ agent }) => agent === execution.agent);
  return same.length > 1 ? `${execution.agent} ${same.indexOf(execution) + 1}` : execution.agent;
}
