import type { ExecutionView, StageView, TimelineItem } from '../../schema.ts';
import { type AgentMark, type AgentNode, agentTree, isParallel } from '../agent-tree.ts';
import { type DecisionPairs, pairDecisions } from '../pair-decisions.ts';
import { findOvertaken } from './find-overtaken.ts';

/** Whose entry it is, where agents work side by side; `speaks` where it was another's before. */
export type Speaker = AgentMark & { speaks: boolean };

/** One line of the timeline. `key` is stable while a session runs; `depth` counts the sub-agents around it. */
export type TimelineRow =
  | { kind: 'stage'; key: string; stage: StageView; stages: readonly StageView[] }
  /** The agents of a parallel stage, to read them together or one by one. */
  | { kind: 'agents'; key: string; stage: StageView; shown: string | null }
  /** A sub-agent: its entries follow when it is open. */
  | {
      kind: 'group';
      key: string;
      execution: ExecutionView;
      mark: AgentMark;
      depth: number;
      open: boolean;
      /** Its newest entry, and how many there are. */
      last: TimelineItem;
      entries: number;
    }
  | {
      kind: 'item';
      key: string;
      item: TimelineItem;
      speaker: Speaker | null;
      depth: number;
      /** When its agent went on to the next entry, for a thought that is still open; else null. */
      overtakenAt: string | null;
      /** What people decided on this call: its own entry is not shown. */
      decision: TimelineItem | null;
    };

export type RowSources = {
  stages: readonly StageView[];
  items: readonly TimelineItem[];
  /** Agents that are read alone, at most one of a stage. */
  only: ReadonlySet<string>;
  /** Sub-agents that a person has opened (true) or folded (false). */
  groups: ReadonlyMap<string, boolean>;
};

/**
 * The entries stage by stage, within a stage in the order in which they started: agents side by side are interleaved, what
 * a sub-agent did stands in one place below the call that dispatched it. A call that was decided on takes the place of the
 * request. A stage without entries shows too.
 */
export function buildRows({ stages, items, only, groups }: RowSources): TimelineRow[] {
  const overtaken = findOvertaken(items);
  const pairs = pairDecisions(items);
  const { before, byStage } = sortByStage(stages, inPlaceOfRequests(items, pairs));
  const plain = before.map((item) => itemRow({ item, speaker: null, depth: 0, overtaken, pairs }));
  const staged = stages.flatMap((stage): TimelineRow[] => {
    const header: TimelineRow = { kind: 'stage', key: stageKey(stage.id), stage, stages };
    const entries = byStage.get(stage.id) ?? [];
    const context = { tree: agentTree(stage), named: isParallel(stage), only, groups, overtaken, pairs };
    const shown = context.tree.find(({ execution }) => only.has(execution.id))?.execution.id ?? null;
    const tabs: TimelineRow[] = isParallel(stage)
      ? [{ kind: 'agents', key: `agents:${stage.id}`, stage, shown }]
      : [];
    return [header, ...tabs, ...stageRows(entries, { ...context, shown })];
  });
  return [...plain, ...staged];
}

export const stageKey = (stageId: string): string => `stage:${stageId}`;
export const executionKey = (executionId: string): string => `execution:${executionId}`;

type Overtaken = ReadonlyMap<string, string>;

function inPlaceOfRequests(
  items: readonly TimelineItem[],
  { decided, placeOf }: DecisionPairs,
): readonly TimelineItem[] {
  if (decided.size === 0) return items;
  return items.flatMap((item) => (placeOf.has(item.id) ? [] : [decided.get(item.id)?.call ?? item]));
}

/** Entries that no stage owns stand where they happened: with the stage of the entry before them. */
function sortByStage(stages: readonly StageView[], items: readonly TimelineItem[]) {
  const known = new Set(stages.map(({ id }) => id));
  const before: TimelineItem[] = [];
  const byStage = new Map<string, TimelineItem[]>();
  let current: string | null = null;
  for (const item of items) {
    const own = item.stageId !== null && known.has(item.stageId) ? item.stageId : null;
    const stageId: string | null = own ?? current;
    if (stageId === null) {
      before.push(item);
      continue;
    }
    current = stageId;
    const list = byStage.get(stageId);
    if (list) list.push(item);
    else byStage.set(stageId, [item]);
  }
  return { before, byStage };
}

type StageContext = {
  tree: readonly AgentNode[];
  named: boolean;
  shown: string | null;
  groups: ReadonlyMap<string, boolean>;
  overtaken: Overtaken;
  pairs: DecisionPairs;
};

/** A sub-agent's entries while they are collected. */
type Group = { node: AgentNode; entries: (TimelineItem | Group)[] };

const isGroup = (entry: TimelineItem | Group): entry is Group => 'node' in entry;

function stageRows(items: readonly TimelineItem[], context: StageContext): TimelineRow[] {
  const paths = pathsOf(context.tree);
  const top: Group['entries'] = [];
  const open = new Map<string, Group>();
  for (const item of items) {
    const path = (item.executionId ? paths.get(item.executionId) : undefined) ?? [];
    if (context.shown !== null && path[0] && path[0].execution.id !== context.shown) continue;
    let place = top;
    for (const node of path.slice(1)) {
      let group = open.get(node.execution.id);
      if (!group) {
        group = { node, entries: [] };
        open.set(node.execution.id, group);
        place.push(group);
      }
      place = group.entries;
    }
    place.push(item);
  }
  return emitRows(top, 0, { ...context, paths });
}

type Paths = ReadonlyMap<string, readonly AgentNode[]>;

/** For each execution the agents from the stage's own down to it. */
function pathsOf(tree: readonly AgentNode[]): Paths {
  const paths = new Map<string, readonly AgentNode[]>();
  const visit = (nodes: readonly AgentNode[], above: readonly AgentNode[]) => {
    for (const node of nodes) {
      const path = [...above, node];
      paths.set(node.execution.id, path);
      visit(node.children, path);
    }
  };
  visit(tree, []);
  return paths;
}

function emitRows(
  entries: Group['entries'],
  depth: number,
  context: StageContext & { paths: Paths },
): TimelineRow[] {
  let last: string | null = null;
  const speakerOf = (mark: AgentMark | undefined): Speaker | null => {
    // Within a group its head says whose the entries are.
    if (!context.named || depth > 0 || !mark) return null;
    const speaks = mark.letter !== last;
    last = mark.letter;
    return { ...mark, speaks };
  };
  return entries.flatMap((entry): TimelineRow[] => {
    if (!isGroup(entry)) {
      const mark = entry.executionId ? context.paths.get(entry.executionId)?.at(-1)?.mark : undefined;
      const { overtaken, pairs } = context;
      return [itemRow({ item: entry, speaker: speakerOf(mark), depth, overtaken, pairs })];
    }
    const all = itemsOf(entry);
    const newest = all.at(-1);
    if (!newest) return [];
    const { execution, mark } = entry.node;
    const open = context.groups.get(execution.id) ?? all.some(needsPerson);
    last = null;
    return [
      {
        kind: 'group',
        key: executionKey(execution.id),
        execution,
        mark,
        depth,
        open,
        last: newest,
        entries: all.length,
      },
      ...(open ? emitRows(entry.entries, depth + 1, context) : []),
    ];
  });
}

const itemsOf = (group: Group): TimelineItem[] =>
  group.entries.flatMap((entry) => (isGroup(entry) ? itemsOf(entry) : [entry]));

/** What waits for a person must not hide in a folded group. */
const needsPerson = ({ type, status }: TimelineItem): boolean =>
  status === 'waiting' && (type === 'approval' || type === 'question');

type ItemRowParts = Pick<StageContext, 'overtaken' | 'pairs'> & {
  item: TimelineItem;
  speaker: Speaker | null;
  depth: number;
};

const itemRow = ({ item, speaker, depth, overtaken, pairs }: ItemRowParts): TimelineRow => ({
  kind: 'item',
  key: item.id,
  item,
  speaker,
  depth,
  overtakenAt: overtaken.get(item.id) ?? null,
  decision: pairs.decided.get(item.id)?.request ?? null,
});
