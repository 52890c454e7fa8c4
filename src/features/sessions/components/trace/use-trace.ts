'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs';
import { useEffect, useRef } from 'react';
import { useTRPC } from '#src/components/data/trpc.ts';
import type { TraceItem } from '../../schema.ts';

const PAGE_SIZE = 50;
export const traceKinds = ['all', 'llm', 'tool', 'failed'] as const;
export type TraceKind = (typeof traceKinds)[number];

const isShown = (item: TraceItem, kind: TraceKind): boolean =>
  kind === 'all' || (kind === 'failed' ? item.error !== null : item.kind === kind);

/**
 * The calls of a session page by page, which of them are shown (`?kind=`) and which is open (`?item=`). What has been read is
 * read again when `news` (see `traceNews`) changes.
 */
export function useTrace(project: string, id: string, news: number) {
  const trpc = useTRPC();
  const [selected, setSelected] = useQueryState('item', parseAsString.withOptions({ history: 'replace' }));
  const [kind, setKind] = useQueryState('kind', parseAsStringLiteral(traceKinds).withDefault('all'));
  const trace = useInfiniteQuery(
    trpc.sessions.trace.infiniteQueryOptions(
      { project, id, limit: PAGE_SIZE },
      { getNextPageParam: (page) => page.nextCursor },
    ),
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = trace;
  useRenewal(trace, news);
  const all = trace.data?.pages.flatMap((page) => page.items) ?? [];
  const items = all.filter((item) => isShown(item, kind));
  // A link may name the call or its entry in the timeline.
  const current =
    all.find((item) => item.id === selected || (item.kind === 'tool' && item.itemId === selected)) ?? null;

  // It may lead to a call further down: read on until it is found.
  useEffect(() => {
    if (selected && !current && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [selected, current, hasNextPage, isFetchingNextPage, fetchNextPage]);

  return {
    trace,
    items,
    current,
    selected,
    select: (itemId: string | null) => void setSelected(itemId),
    kind,
    setKind: (next: TraceKind) => void setKind(next),
  };
}

/** Never in the middle of another read, which it would cut off: that of the next page, when somebody asked for it. */
function useRenewal(
  { isFetching, refetch }: { isFetching: boolean; refetch: () => Promise<unknown> },
  news: number,
): void {
  const readAt = useRef(0);
  useEffect(() => {
    if (isFetching || news === readAt.current) return;
    readAt.current = news;
    void refetch();
  }, [isFetching, refetch, news]);
}
