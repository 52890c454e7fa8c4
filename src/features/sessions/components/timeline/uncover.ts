import type { SessionView, TimelineItem } from '../../schema.ts';

type Cover = {
  /** The sub-agents whose groups must be open, outermost first. */
  groups: string[];
  /** The agent of the stage that it belongs to, and its stage; null for entries of no agent. */
  agentId: string | null;
  stageId: string | null;
};

/** What may hide an entry or an agent (`execution:ID`) of the timeline: folded groups around it, and the choice of one agent. */
export function coverOf(
  key: string,
  { stages, items }: { stages: SessionView['stages']; items: readonly TimelineItem[] },
): Cover {
  const item = items.find(({ id }) => id === key);
  const isAgent = key.startsWith('execution:');
  const executionId = isAgent ? key.slice('execution:'.length) : (item?.executionId ?? null);
  const executions = new Map(stages.flatMap((stage) => stage.executions.map((each) => [each.id, each])));
  const path: string[] = [];
  let current = executionId === null ? undefined : executions.get(executionId);
  const stageId = current?.stageId ?? null;
  while (current && !path.includes(current.id)) {
    path.unshift(current.id);
    current = current.parentExecutionId === null ? undefined : executions.get(current.parentExecutionId);
  }
  const [agentId = null, ...groups] = path;
  // The row of a sub-agent is the head of its own group: it shows while the groups around it are open.
  return { groups: isAgent ? groups.slice(0, -1) : groups, agentId, stageId };
}

/** The agents to read alone so that an entry of `cover` shows: its stage follows it, the others stay. */
export function onlyWith(
  only: ReadonlySet<string>,
  cover: Cover,
  stages: SessionView['stages'],
): ReadonlySet<string> {
  if (cover.agentId === null || only.has(cover.agentId)) return only;
  const stage = stages.find(({ id }) => id === cover.stageId);
  const own = new Set(stage?.executions.map(({ id }) => id));
  const rest = [...only].filter((id) => !own.has(id));
  return rest.length === only.size ? only : new Set([...rest, cover.agentId]);
}
