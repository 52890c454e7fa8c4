'use client';
import { ScrollText } from 'lucide-react';
import { memo, type ReactNode, useMemo } from 'react';
import { isMissing } from '#src/components/data/describe-error.ts';
import { EmptyState } from '#src/components/empty-state.tsx';
import { ErrorState } from '#src/components/error-state.tsx';
import { PageHeader } from '#src/components/frame/page-header.tsx';
import { useReveal } from '#src/components/names/names-context.ts';
import { SessionNames } from '#src/components/names/session-names.tsx';
import { useShortcut } from '#src/components/shortcuts/shortcut-provider.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Dialog } from '#src/components/ui/dialog.tsx';
import { Select } from '#src/components/ui/field.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { useMediaQuery } from '#src/components/use-media-query.ts';
import { TRACE_REFRESH_MS } from '../../hooks/tunables.ts';
import { useSession } from '../../hooks/use-session.ts';
import { useSettled } from '../../hooks/use-settled.ts';
import { isTerminal } from '../../schema.ts';
import type { SessionState } from '../../session-state.ts';
import { ImageViewer } from '../images/image-viewer.tsx';
import { NoSuchSession } from '../locate-session.tsx';
import { NamesSwitch } from '../names/names-switch.tsx';
import { pausedAgents } from '../paused-agents.ts';
import { sessionTitle } from '../session-title.ts';
import { settleState } from '../settle-state.ts';
import { callsInOrder, groupTrace, type TraceGroup } from './group-trace.ts';
import { TraceDetail } from './trace-detail.tsx';
import { TraceGroups } from './trace-groups.tsx';
import { traceNews } from './trace-news.ts';
import { type TraceKind, traceKinds, useTrace } from './use-trace.ts';

const WIDE = '(min-width: 900px)';
const kindLabels: Record<TraceKind, string> = {
  all: 'All calls',
  llm: 'Model calls',
  tool: 'Tool calls',
  failed: 'With an error',
};

/** Every call of a session to a model or a tool, with what was sent and what came back: as the model saw it, unless wished otherwise. */
export function TracePage(props: { project: string; id: string }) {
  return (
    <SessionNames project={props.project} sessionId={props.id} asModelFirst>
      <ImageViewer project={props.project}>
        <LiveTrace {...props} />
      </ImageViewer>
    </SessionNames>
  );
}

/** Text that streams in is no news here: the list is drawn anew at most every `TRACE_REFRESH_MS`. */
function LiveTrace({ project, id }: { project: string; id: string }) {
  const { state, error } = useSession(project, id);
  const known = useSettled(state, TRACE_REFRESH_MS);
  if (!state && error && isMissing(error)) return <NoSuchSession back={`/p/${project}/sessions`} />;
  return <Trace project={project} id={id} known={known} />;
}

type TraceProps = { project: string; id: string; known: SessionState | null };

const Trace = memo(function Trace({ project, id, known }: TraceProps) {
  const reveal = useReveal();
  const wide = useMediaQuery(WIDE);
  const state = useMemo(() => known && settleState(known), [known]);
  const session = state?.session;
  const view = useTrace(project, id, state ? traceNews(state) : 0);
  const groups = groupTrace(view.items, session?.stages ?? []);
  const paused = pausedAgents(session?.pendingApprovals ?? []);
  const ordered = callsInOrder(groups);
  const shown = view.current ?? (wide && view.selected === null ? (ordered[0] ?? null) : null);
  const move = (step: 1 | -1) => {
    const next = ordered[ordered.findIndex((item) => item.id === shown?.id) + step];
    if (!next) return;
    view.select(next.id);
    document.querySelector(`[data-trace="${CSS.escape(next.id)}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  useShortcut('j', 'Next call', 'Trace', () => move(1));
  useShortcut('k', 'Previous call', 'Trace', () => move(-1));
  return (
    <>
      <title>{session ? reveal(sessionTitle(session, 'Trace')) : 'Trace · TARS'}</title>
      <PageHeader
        crumbs={[
          { label: 'Sessions', href: `/p/${project}/sessions` },
          { label: reveal(session?.title ?? 'Session'), href: `/p/${project}/sessions/${id}` },
        ]}
        title="Trace"
        actions={
          <>
            <NamesSwitch />
            <KindSelect kind={view.kind} onKind={view.setKind} />
          </>
        }
      />
      <div className="flex min-h-0 flex-1">
        <Calls
          view={view}
          groups={groups}
          paused={paused}
          ended={session !== undefined && isTerminal(session.status)}
          shownId={shown?.id ?? null}
        />
        <DetailArea
          wide={wide}
          title={shown ? (shown.kind === 'llm' ? shown.purpose.replaceAll('_', ' ') : shown.tool) : 'Call'}
          onClose={() => view.select(null)}
        >
          {shown ? <TraceDetail key={shown.id} project={project} sessionId={id} item={shown} /> : null}
        </DetailArea>
      </div>
    </>
  );
});

function KindSelect({ kind, onKind }: { kind: TraceKind; onKind: (kind: TraceKind) => void }) {
  return (
    <Select
      aria-label="Which calls"
      value={kind}
      onChange={(event) => onKind(traceKinds.find((each) => each === event.target.value) ?? 'all')}
      className="w-auto"
    >
      {traceKinds.map((each) => (
        <option key={each} value={each}>
          {kindLabels[each]}
        </option>
      ))}
    </Select>
  );
}

type CallsProps = {
  view: ReturnType<typeof useTrace>;
  groups: readonly TraceGroup[];
  paused: ReadonlySet<string>;
  ended: boolean;
  shownId: string | null;
};

function Calls({ view, groups, paused, ended, shownId }: CallsProps) {
  const { trace, items, kind, select } = view;
  const { hasNextPage, isFetchingNextPage } = trace;
  return (
    <div className="thin-scroll min-w-0 flex-1 overflow-y-auto bg-panel min-[900px]:max-w-[26rem] min-[900px]:border-r">
      {trace.isPending ? <SkeletonRows rows={10} rowClassName="h-13" /> : null}
      {trace.isError && !trace.data ? (
        <ErrorState error={trace.error} what="the trace" onRetry={() => void trace.refetch()} />
      ) : null}
      {trace.data && items.length === 0 && !hasNextPage ? (
        <EmptyState
          icon={ScrollText}
          title={kind !== 'all' ? 'No such calls' : ended ? 'No calls' : 'No calls yet'}
        >
          {kind !== 'all'
            ? 'Choose other calls in the list above.'
            : ended
              ? 'This session ended before it called a model or a tool.'
              : 'Calls to models and tools appear here once they have been answered.'}
        </EmptyState>
      ) : null}
      <TraceGroups
        groups={groups}
        paused={paused}
        longestMs={Math.max(1, ...items.map(({ durationMs }) => durationMs))}
        selected={shownId}
        onSelect={select}
      />
      {hasNextPage ? (
        <div className="flex justify-center p-3">
          <Button size="sm" disabled={isFetchingNextPage} onClick={() => void trace.fetchNextPage()}>
            {isFetchingNextPage ? <Spinner /> : null} More calls
          </Button>
        </div>
      ) : null}
    </div>
  );
}

type DetailAreaProps = { wide: boolean; title: string; onClose: () => void; children: ReactNode };

/** The open call: beside the list, or in a sheet on phones. */
function DetailArea({ wide, title, onClose, children }: DetailAreaProps) {
  if (wide) {
    return (
      <section aria-label="Call" className="thin-scroll min-w-0 flex-1 overflow-y-auto p-4">
        <div className="mx-auto max-w-4xl">{children}</div>
      </section>
    );
  }
  return (
    <Dialog
      open={children !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={title}
      side="bottom"
    >
      <div className="overflow-y-auto p-4">{children}</div>
    </Dialog>
  );
}
