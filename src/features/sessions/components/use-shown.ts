'use client';
import { parseAsArrayOf, parseAsString, useQueryState } from 'nuqs';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { SessionState } from '../session-state.ts';
import { coverOf, onlyWith } from './timeline/uncover.ts';

export type Shown = {
  /** `?agent=`: agents of parallel stages that are read alone. */
  only: ReadonlySet<string>;
  /** Sub-agents that were opened or folded by hand. */
  groups: ReadonlyMap<string, boolean>;
  /** Reads one agent of a stage alone; null all of them together. */
  showAgent: (stageId: string, executionId: string | null) => void;
  toggleGroup: (executionId: string, open: boolean) => void;
  /** Makes an entry show, whatever group or choice hides it. */
  uncover: (key: string) => void;
};

/** Which agents and sub-agents of the timeline a person looks at. */
export function useShown(state: SessionState): Shown {
  const [chosen, setChosen] = useQueryState(
    'agent',
    parseAsArrayOf(parseAsString).withDefault([]).withOptions({ history: 'replace' }),
  );
  const [groups, setGroups] = useState<ReadonlyMap<string, boolean>>(new Map());
  const only = useMemo(() => new Set(chosen), [chosen]);
  // What is shown changes with every event; the actions stay the same, so that rows need not be drawn again.
  const latest = useRef({ state, only });
  useEffect(() => {
    latest.current = { state, only };
  });

  const showAgent = useCallback(
    (stageId: string, executionId: string | null) => {
      const { session } = latest.current.state;
      const own = new Set(
        session.stages.find(({ id }) => id === stageId)?.executions.map((execution) => execution.id),
      );
      const rest = [...latest.current.only].filter((id) => !own.has(id));
      const next = executionId === null ? rest : [...rest, executionId];
      void setChosen(next.length > 0 ? next : null);
    },
    [setChosen],
  );
  const toggleGroup = useCallback((executionId: string, open: boolean) => {
    setGroups((before) => new Map(before).set(executionId, open));
  }, []);
  const uncover = useCallback(
    (key: string) => {
      const { session, items } = latest.current.state;
      const cover = coverOf(key, { stages: session.stages, items });
      if (cover.groups.length > 0) {
        setGroups((before) => new Map([...before, ...cover.groups.map((id) => [id, true] as const)]));
      }
      const next = onlyWith(latest.current.only, cover, session.stages);
      if (next !== latest.current.only) void setChosen([...next]);
    },
    [setChosen],
  );
  return useMemo(
    () => ({ only, groups, showAgent, toggleGroup, uncover }),
    [only, groups, showAgent, toggleGroup, uncover],
  );
}
