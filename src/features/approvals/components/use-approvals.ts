'use client';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '#src/components/data/trpc.ts';
import { useProjectChanges } from '#src/features/sessions/components/index.ts';
import type { ApprovalView } from '../schema.ts';

const PAGE_SIZE = 50;
/** More open requests than this are not read on one page. */
const PENDING_LIMIT = 200;

/** What waits (first expiring first) and what was decided, live. */
export function useApprovals(project: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const pending = useInfiniteQuery(
    trpc.approvals.list.infiniteQueryOptions(
      { project, status: 'pending', limit: PENDING_LIMIT },
      { getNextPageParam: (page) => page.nextCursor },
    ),
  );
  const all = useInfiniteQuery(
    trpc.approvals.list.infiniteQueryOptions(
      { project, limit: PAGE_SIZE },
      { getNextPageParam: (page) => page.nextCursor },
    ),
  );
  useProjectChanges(
    project,
    () => void queryClient.invalidateQueries({ queryKey: trpc.approvals.list.pathKey() }),
  );
  const waiting = pending.data?.pages.flatMap((page) => page.items) ?? [];
  return {
    waiting: waiting.toSorted((a, b) => a.expiresAt.localeCompare(b.expiresAt)),
    decided: (all.data?.pages.flatMap((page) => page.items) ?? []).filter(isDecided),
    pending,
    all,
  };
}

const isDecided = ({ status }: ApprovalView): boolean => status !== 'pending';
