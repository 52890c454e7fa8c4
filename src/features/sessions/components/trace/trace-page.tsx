'use client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs';
import { useEffect } from 'react';
import { useTRPC } from '#src/components/data/trpc.ts';
import { EmptyState } from '#src/components/empty-state.tsx';
import { ErrorState } from '#src/components/error-state.tsx';
import { PageHeader } from '#src/components/frame/page-header.tsx';
import { useShortcut } from '#src/components/shortcuts/shortcut-provider.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Dialog } from '#src/components/ui/dialog.tsx';
import { Select } from '#src/components/ui/field.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { useMediaQuery } from '#src/components/use-media-query.ts';
import type { TraceItem } from '../../schema.ts';
import { sessionTitle } from '../session-title.ts';
import { TraceDetail } from './trace-detail.tsx';
import { TraceList } from './trace-list.tsx';

const PAGE_SIZE = 50;
const WIDE = '(min-width: 900px)';
const kinds = ['all', 'llm', 'tool', 'failed'] as const;
type Kind = (typeof kinds)[number];
const kindLabels: Record<Kind, string> = {
  all: 'All calls',
  llm: 'Model calls',
  tool: 'Tool calls',
  failed: 'With an error',
};

const isShown = (item: TraceItem, kind: Kind): boolean =>
  kind === 'all' || (kind === 'failed' ? item.error !== null : item.kind === kind);

/** Every call of a session to a model or a tool, with what was sent and what came back. */
export function TracePage({ project, id }: { project: string; id: string }) {
  const trpc = useTRPC();
  const [selected, setSelected] = useQueryState('item', parseAsString.withOptions({ history: 'replace' }));
  const [kind, setKind] = useQueryState('kind', parseAsStringLiteral(kinds).withDefault('all'));
  const wide = useMediaQuery(WIDE);
  const session = useQuery(trpc.sessions.snapshot.queryOptions({ project, id }));
  const trace = useInfiniteQuery(
    trpc.sessions.trace.infiniteQueryOptions(
      { project, id, limit: PAGE_SIZE },
      { getNextPageParam: (page) => page.nextCursor },
    ),
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = trace;
  const all = trace.data?.pages.flatMap((page) => page.items) ?? [];
  const items = all.filter((item) => isShown(item, kind));
  const current =
    all.find((item) => item.id === selected || (item.kind === 'tool' && item.itemId === selected)) ?? null;
  const shown = current ?? (wide && selected === null ? (items[0] ?? null) : null);

  // A link may lead to a call further down: read on until it is found.
  useEffect(() => {
    if (selected && !current && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [selected, current, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const move = (step: 1 | -1) => {
    const at = items.findIndex((item) => item.id === shown?.id);
    const next = items[at + step];
    if (!next) return;
    void setSelected(next.id);
    document.querySelector(`[data-trace="${CSS.escape(next.id)}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  useShortcut('j', 'Next call', 'Trace', () => move(1));
  useShortcut('k', 'Previous call', 'Trace', () => move(-1));

  const title = session.data?.session.title ?? 'Session';
  const detail = shown ? <TraceDetail key={shown.id} project={project} sessionId={id} item={shown} /> : null;
  return (
    <>
      <title>{session.data ? sessionTitle(session.data.session, 'Trace') : 'Trace · TARS'}</title>
      <PageHeader
        crumbs={[
          { label: 'Sessions', href: `/p/${project}/sessions` },
          { label: title, href: `/p/${project}/sessions/${id}` },
        ]}
        title="Trace"
        actions={
          <Select
            aria-label="Which calls"
            value={kind}
            onChange={(event) => void setKind(kinds.find((each) => each === event.target.value) ?? null)}
            className="w-auto"
          >
            {kinds.map((each) => (
              <option key={each} value={each}>
                {kindLabels[each]}
              </option>
            ))}
          </Select>
        }
      />
      <div className="flex min-h-0 flex-1">
        <div className="thin-scroll min-w-0 flex-1 overflow-y-auto bg-panel min-[900px]:max-w-[26rem] min-[900px]:border-r">
          {trace.isPending ? <SkeletonRows rows={10} rowClassName="h-13" /> : null}
          {trace.isError && !trace.data ? (
            <ErrorState error={trace.error} what="the trace" onRetry={() => void trace.refetch()} />
          ) : null}
          {trace.data && items.length === 0 && !hasNextPage ? (
            <EmptyState icon={ScrollText} title={kind === 'all' ? 'No calls yet' : 'No such calls'}>
              {kind === 'all'
                ? 'Calls to models and tools appear here once they have been answered.'
                : 'Choose other calls in the list above.'}
            </EmptyState>
          ) : null}
          <TraceList
            items={items}
            selected={shown?.id ?? null}
            onSelect={(itemId) => void setSelected(itemId)}
          />
          {hasNextPage ? (
            <div className="flex justify-center p-3">
              <Button size="sm" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {isFetchingNextPage ? <Spinner /> : null} More calls
              </Button>
            </div>
          ) : null}
        </div>
        {wide ? (
          <section aria-label="Call" className="thin-scroll min-w-0 flex-1 overflow-y-auto p-4">
            <div className="mx-auto max-w-4xl">{detail}</div>
          </section>
        ) : (
          <Dialog
            open={detail !== null}
            onOpenChange={(open) => {
              if (!open) void setSelected(null);
            }}
            title={shown ? (shown.kind === 'llm' ? shown.purpose.replaceAll('_', ' ') : shown.tool) : 'Call'}
            side="bottom"
          >
            <div className="overflow-y-auto p-4">{detail}</div>
          </Dialog>
        )}
      </div>
    </>
  );
}
