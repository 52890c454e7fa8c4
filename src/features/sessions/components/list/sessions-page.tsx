'use client';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { BellPlus, FilterX, Inbox } from 'lucide-react';
import Link from 'next/link';
import { type RefObject, useRef, useState } from 'react';
import { useTRPC } from '#src/components/data/trpc.ts';
import { EmptyState } from '#src/components/empty-state.tsx';
import { ErrorState } from '#src/components/error-state.tsx';
import { PageHeader } from '#src/components/frame/page-header.tsx';
import { useMay } from '#src/components/frame/project-context.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { useProjectChanges } from '../../hooks/use-project-changes.ts';
import { ActiveSessions } from './active-sessions.tsx';
import { FilterBar } from './filter-bar.tsx';
import { PeekPanel } from './peek-panel.tsx';
import { SessionsTable } from './sessions-table.tsx';
import { useDebounced } from './use-debounced.ts';
import { useListKeys } from './use-list-keys.ts';
import {
  isFiltered,
  listInput,
  noFilters,
  type SetSessionFilters,
  useSessionFilters,
} from './use-session-filters.ts';

const SEARCH_DELAY_MS = 250;

/** What runs, what waits, and what was: live, filtered, sorted, page by page. */
export function SessionsPage({ project }: { project: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { filters, setFilters } = useSessionFilters();
  const [openedAt] = useState(() => Date.now());
  const input = listInput(useDebounced(filters, SEARCH_DELAY_MS), openedAt);
  const active = useQuery(trpc.sessions.active.queryOptions({ project }));
  const list = useQuery(
    trpc.sessions.list.queryOptions({ project, ...input }, { placeholderData: keepPreviousData }),
  );
  useProjectChanges(project, () => {
    void queryClient.invalidateQueries({ queryKey: trpc.sessions.active.queryKey({ project }) });
    void queryClient.invalidateQueries({ queryKey: trpc.sessions.list.queryKey() });
  });
  const searchInput = useRef<HTMLInputElement>(null);
  const items = list.data?.items ?? [];
  // What runs and waits stands above already, unless filters ask for it.
  const above = new Set(
    [...(active.data?.running ?? []), ...(active.data?.queued ?? [])].map(({ id }) => id),
  );
  const history = isFiltered(filters) ? items : items.filter(({ id }) => !above.has(id));
  const listed = [...items, ...(active.data?.running ?? []), ...(active.data?.queued ?? [])];
  const peeked = listed.find(({ id }) => id === filters.peek) ?? null;
  const onPeek = (id: string | null) => void setFilters({ peek: id });
  useListKeys({ searchInput, peek: filters.peek, onPeek });
  const running = active.data?.running.length ?? 0;
  return (
    <>
      <title>{running > 0 ? `● ${running} running · TARS` : 'Sessions · TARS'}</title>
      <PageHeader title="Sessions" />
      <div className="flex min-h-0 flex-1">
        <div className="thin-scroll @container min-w-0 flex-1 overflow-y-auto">
          {active.data ? <ActiveSessions project={project} active={active.data} /> : null}
          <FilterBar project={project} filters={filters} setFilters={setFilters} searchInput={searchInput} />
          {list.isPending ? <SkeletonRows rows={12} rowClassName="h-11" /> : null}
          {list.isError && !list.data ? (
            <ErrorState error={list.error} what="the sessions" onRetry={() => void list.refetch()} />
          ) : null}
          {list.data && items.length === 0 ? (
            <NoSessions
              project={project}
              filtered={isFiltered(filters)}
              onClear={() => void setFilters(noFilters)}
            />
          ) : null}
          {history.length > 0 ? (
            <SessionsTable
              project={project}
              items={history}
              sort={filters.sort}
              onSort={(sort) => void setFilters({ sort, cursor: null })}
              peeked={filters.peek}
              onPeek={onPeek}
              stale={list.isPlaceholderData}
            />
          ) : null}
          <Pager cursor={filters.cursor} next={list.data?.nextCursor ?? null} setFilters={setFilters} />
        </div>
        <PeekPanel project={project} session={peeked} onClose={() => onPeek(null)} />
      </div>
    </>
  );
}

type PagerProps = { cursor: string | null; next: string | null; setFilters: SetSessionFilters };

/** Page by page along the cursor; the browser's back button leads to the page before. */
function Pager({ cursor, next, setFilters }: PagerProps) {
  const top: RefObject<HTMLDivElement | null> = useRef(null);
  const go = (to: string | null) => {
    void setFilters({ cursor: to, peek: null }, { history: 'push' });
    top.current?.parentElement?.scrollTo({ top: 0 });
  };
  if (!cursor && !next) return null;
  return (
    <div ref={top} className="flex items-center justify-center gap-2 p-3">
      <Button size="sm" disabled={!cursor} onClick={() => go(null)}>
        First page
      </Button>
      <Button size="sm" disabled={!next} onClick={() => go(next)}>
        Next page
      </Button>
    </div>
  );
}

function NoSessions({
  project,
  filtered,
  onClear,
}: {
  project: string;
  filtered: boolean;
  onClear: () => void;
}) {
  const maySubmit = useMay('operator');
  if (filtered) {
    return (
      <EmptyState
        icon={FilterX}
        title="No session matches"
        action={<Button onClick={onClear}>Clear the filters</Button>}
      >
        Try fewer words or another time. Search looks at titles, alerts and analyses.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={Inbox}
      title="No investigation yet"
      action={
        maySubmit ? (
          <Button asChild variant="primary">
            <Link href={`/p/${project}/alerts/new`}>
              <BellPlus /> Submit an alert
            </Link>
          </Button>
        ) : null
      }
    >
      Each alert starts one. Point Alertmanager at{' '}
      <code className="text-text">/api/v1/webhooks/alertmanager</code> with an API key, send one with{' '}
      <code className="text-text">npx tars alert send FILE</code>
      {maySubmit ? ', or submit one here.' : '.'}
    </EmptyState>
  );
}
