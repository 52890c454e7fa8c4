'use client';
import { ArrowDown, PanelLeft } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { Button } from '#src/components/ui/button.tsx';
import { DecisionProvider } from '#src/features/approvals/components/index.ts';
import { ChatDock } from '#src/features/chat/components/index.ts';
import { ReviewCard } from '#src/features/reviews/components/index.ts';
import { ScoreCard } from '#src/features/scores/components/index.ts';
import { isTerminal } from '../schema.ts';
import type { SessionState } from '../session-state.ts';
import { AnswerPanel } from './answer/answer-panel.tsx';
import { findOutcome } from './find-outcome.ts';
import { INSPECTOR_ID } from './inspector/inspector.tsx';
import { InspectorArea } from './inspector/inspector-area.tsx';
import { LiveFoot } from './live-foot.tsx';
import { OutlineArea } from './outline-area.tsx';
import { pausedAgents } from './paused-agents.ts';
import { PendingArea } from './pending-area.tsx';
import { SearchKeys } from './search-keys.tsx';
import { SessionBanner } from './session-banner.tsx';
import { SessionContext } from './session-context.ts';
import { buildRows } from './timeline/build-rows.ts';
import { SearchBar } from './timeline/search-bar.tsx';
import { Timeline } from './timeline/timeline.tsx';
import { useCalls } from './use-calls.ts';
import { focusRow, useCursor } from './use-cursor.ts';
import { useNeighbourKeys } from './use-neighbour-keys.ts';
import { useTimelineKeys } from './use-timeline-keys.ts';
import { useTimelineSearch } from './use-timeline-search.ts';
import { useTimelineView } from './use-timeline-view.ts';

type SessionBodyProps = { project: string; state: SessionState };

/** Outline, timeline and inspector of a session whose state is known. */
export function SessionBody({ project, state }: SessionBodyProps) {
  const view = useTimelineView(state);
  const [drawerOpen, setDrawerOpen] = useState(false);
  const calls = useCalls(state.items);
  const { select } = view;
  const { selected } = view;
  // The focus goes back to the entry that was shown; a search field keeps it.
  const close = () => {
    const inField = document.activeElement instanceof HTMLInputElement;
    select(null);
    if (selected && !inField) focusRow(selected);
  };
  const sessionId = state.session.id;
  const { pendingApprovals } = state.session;
  const paused = useMemo(() => pausedAgents(pendingApprovals), [pendingApprovals]);
  const context = useMemo(
    () => ({ project, sessionId, calls, paused, select }),
    [project, sessionId, calls, paused, select],
  );
  return (
    <SessionContext value={context}>
      <DecisionProvider project={project} outcomeOf={(id) => findOutcome(state, id)}>
        <div className="flex min-h-0 flex-1">
          <OutlineArea
            project={project}
            state={state}
            view={view}
            drawerOpen={drawerOpen}
            onDrawer={setDrawerOpen}
          />
          <TimelineArea
            project={project}
            state={state}
            view={view}
            onClose={close}
            onOutline={() => setDrawerOpen(true)}
          />
          <InspectorArea state={state} selected={view.selected} onClose={close} />
        </div>
      </DecisionProvider>
    </SessionContext>
  );
}

type TimelineAreaProps = SessionBodyProps & {
  view: ReturnType<typeof useTimelineView>;
  onClose: () => void;
  onOutline: () => void;
};

/** The column in the middle: search, the entries with the answer above them, the way back to live. */
function TimelineArea({ project, state, view, onClose, onOutline }: TimelineAreaProps) {
  const { session, items } = state;
  const router = useRouter();
  const ended = isTerminal(session.status);
  const { stages } = session;
  const { only, groups, showAgent, toggleGroup } = view.shown;
  const rows = useMemo(() => buildRows({ stages, items, only, groups }), [stages, items, only, groups]);
  const { open, toggle } = view;
  const handlers = useMemo(
    () => ({ onSelect: open, onToggle: toggle, onToggleGroup: toggleGroup, onShowAgent: showAgent }),
    [open, toggle, toggleGroup, showAgent],
  );
  const search = useTimelineSearch(items, view);
  const cursor = useCursor({ rows, selected: view.selected, reveal: view.reveal, onSelect: view.open });
  useNeighbourKeys(project, session.id);
  useTimelineKeys({
    move: cursor.move,
    open: cursor.open,
    close: onClose,
    inspector: () => document.getElementById(INSPECTOR_ID)?.focus(),
    toggle: () => {
      const row = rows.find(({ key }) => key === cursor.current);
      if (row?.kind === 'group') toggleGroup(row.execution.id, !row.open);
      else if (row) view.toggle(row.key);
    },
    follow: view.follow,
    search: () => search.input.current?.focus(),
    toAnswer: view.toTop,
    trace: () => router.push(`/p/${project}/sessions/${session.id}/trace`),
  });
  return (
    <div className="relative flex min-w-0 flex-1 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-2 border-b px-2 md:px-3">
        <Button variant="ghost" size="sm" className="lg:hidden" onClick={onOutline}>
          <PanelLeft /> Outline
        </Button>
        <h2 className="hidden font-medium text-dim text-xs lg:block">Timeline</h2>
        <SearchBar
          inputRef={search.input}
          query={search.query}
          onQuery={search.setQuery}
          position={search.position}
          total={search.total}
          onStep={search.step}
        />
      </div>
      <Timeline
        rows={rows}
        selected={cursor.current}
        expanded={view.expanded}
        handlers={handlers}
        scroller={view.scroller}
        content={view.content}
        handle={view.handle}
        header={
          <>
            <SessionBanner session={session} />
            {ended ? <AnswerPanel session={session} /> : null}
            {ended ? <ReviewCard project={project} session={session} /> : null}
            {ended ? <ScoreCard project={project} session={session} /> : null}
          </>
        }
        footer={<LiveFoot session={session} items={items} />}
      />
      <div className="relative">
        {goesOn(session) && !view.following ? <FollowButton onClick={view.follow} /> : null}
      </div>
      {search.query ? <SearchKeys onStep={search.step} /> : null}
      <PendingArea
        session={session}
        selected={view.selected}
        onShow={view.select}
        searching={search.query !== ''}
      />
      {ended && session.chatEnabled ? (
        <ChatDock
          project={project}
          session={session}
          items={items}
          onAsked={view.follow}
          onShow={view.reveal}
        />
      ) : null}
    </div>
  );
}

/** Whether entries still come: while it runs, and while a question is answered. */
const goesOn = ({ status, stages }: SessionState['session']): boolean =>
  !isTerminal(status) || stages.some((stage) => stage.followUpId !== null && !isTerminal(stage.status));

function FollowButton({ onClick }: { onClick: () => void }) {
  return (
    <Button
      variant="primary"
      size="sm"
      onClick={onClick}
      className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full shadow-float"
    >
      <ArrowDown /> Follow live
    </Button>
  );
}
