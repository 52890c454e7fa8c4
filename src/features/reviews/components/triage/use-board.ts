import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTRPC } from '#src/components/data/trpc.ts';
import { useProject } from '#src/components/frame/project-context.tsx';
import { useProjectChanges } from '#src/features/sessions/components/index.ts';
import { LIST_LIMIT_MAX, type SessionFilter } from '#src/features/sessions/schema.ts';
import { type TriageGroup, triageGroups } from '../../schema.ts';
import type { Board } from './arrange-board.ts';
import { type TriageFilters, triageInput } from './use-triage-filters.ts';

const groupFilters: Record<TriageGroup, SessionFilter> = {
  investigating: { status: ['pending', 'running', 'waiting', 'cancelling'] },
  needs_review: { review: ['needs_review'] },
  in_progress: { review: ['in_progress'], status: ['completed', 'failed', 'timed_out', 'cancelled'] },
  reviewed: { review: ['reviewed'] },
};

/** Rows of a group before somebody asks for more. What is done matters least. */
const FIRST_ROWS: Record<TriageGroup, number> = {
  investigating: 10,
  needs_review: 25,
  in_progress: 25,
  reviewed: 10,
};

export type Limits = Record<TriageGroup, number>;
export const firstLimits = (): Limits => ({ ...FIRST_ROWS });
export const moreRows = (limit: number): number => Math.min(LIST_LIMIT_MAX, limit * 4);

/** The four groups as the server has them, live. `reload` resolves when they have been read again. */
export function useBoard(project: string, filters: TriageFilters, limits: Limits) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { userName } = useProject();
  const input = { project, ...triageInput(filters, userName) };
  const counts = useQuery(trpc.reviews.counts.queryOptions(input, { placeholderData: keepPreviousData }));
  const lists = useQueries({
    queries: triageGroups.map((group) =>
      trpc.sessions.list.queryOptions(
        { ...input, ...groupFilters[group], limit: limits[group] },
        { placeholderData: keepPreviousData },
      ),
    ),
  });
  const reload = useCallback(
    () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: trpc.sessions.list.queryKey() }),
        queryClient.invalidateQueries({ queryKey: trpc.reviews.counts.queryKey() }),
        queryClient.invalidateQueries({ queryKey: trpc.reviews.assignees.queryKey() }),
      ]),
    [queryClient, trpc],
  );
  useProjectChanges(project, () => void reload());
  const itemsAt = (index: number) => lists[index]?.data?.items ?? [];
  const board: Board = {
    investigating: itemsAt(0),
    needs_review: itemsAt(1),
    in_progress: itemsAt(2),
    reviewed: itemsAt(3),
  };
  return {
    board,
    counts: counts.data,
    reload,
    isPending: lists.some((list) => list.isPending),
    error: lists.find((list) => list.isError && !list.data)?.error ?? null,
  };
}
