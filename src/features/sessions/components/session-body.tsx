'use client';
import { ArrowDown, PanelLeft } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { parseAsString, useQueryState } from 'nuqs';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '#src/components/ui/button.tsx';
import { Dialog } from '#src/components/ui/dialog.tsx';
import { useMediaQuery } from '#src/components/use-media-query.ts';
import { useTextHighlight } from '#src/components/use-text-highlight.ts';
import { isTerminal } from '../schema.ts';
import type { SessionState } from '../session-state.ts';
import { AnswerPanel } from './answer/answer-panel.tsx';
import { CopyLink, InspectorPane, inspect } from './inspector/inspector.tsx';
import { LiveFoot } from './live-foot.tsx';
import { Outline } from './outline.tsx';
import { SessionBanner } from './session-banner.tsx';
import { SessionContext } from './session-context.ts';
import { buildRows } from './timeline/build-rows.ts';
import { findMatches, stepMatch } from './timeline/find-matches.ts';
import { SearchBar } from './timeline/search-bar.tsx';
import { Timeline, type TimelineHandle } from './timeline/timeline.tsx';
import { useFollow } from './timeline/use-follow.ts';
import { useCalls } from './use-calls.ts';
import { useCursor } from './use-cursor.ts';
import { useTimelineKeys } from './use-timeline-keys.ts';

const WIDE = '(min-width: 1200px)';

/** Outline, timeline and inspector of a session whose state is known. */
export function SessionBody({ project, state }: { project: string; state: SessionState }) {
  const { session, items } = state;
  const router = useRouter();
  const ended = isTerminal(session.status);
  const [selected, setSelected] = useQueryState('item', parseAsString.withOptions({ history: 'replace' }));
  const [query, setQuery] = useQueryState('q', parseAsString.withDefault(''));
  const [drawerOpen, setDrawerOpen] = useState(false);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const wide = useMediaQuery(WIDE);

  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const timeline = useRef<TimelineHandle>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  const { following, follow, stop } = useFollow(scroller, content, !ended && selected === null);

  const rows = useMemo(() => buildRows({ stages: session.stages, items }), [session.stages, items]);
  const calls = useCalls(items);
  const needle = useDeferredValue(query);
  const matches = useMemo(() => findMatches(items, needle), [items, needle]);
  useTextHighlight(scroller, 'session-search', needle);

  const reveal = useCallback(
    (key: string) => {
      stop();
      timeline.current?.reveal(key);
    },
    [stop],
  );
  const onSelect = useCallback(
    (itemId: string) => {
      stop();
      void setSelected(itemId);
    },
    [setSelected, stop],
  );
  const select = useCallback(
    (itemId: string | null) => {
      void setSelected(itemId);
      if (itemId) reveal(itemId);
    },
    [setSelected, reveal],
  );
  const onToggle = useCallback((itemId: string) => {
    setExpanded((before) => {
      const next = new Set(before);
      if (!next.delete(itemId)) next.add(itemId);
      return next;
    });
  }, []);
  const toTop = useCallback(() => {
    stop();
    scroller.current?.scrollTo({ top: 0 });
  }, [stop]);
  const cursor = useCursor({ rows, selected, reveal, onSelect });

  // Opened with a link to an entry: show it. Later changes of `item` come from the page itself.
  const linked = useRef(selected);
  useEffect(() => {
    if (linked.current) timeline.current?.reveal(linked.current);
  }, []);

  // Somebody who has followed to the end wants the answer.
  const wasRunning = useRef(!ended);
  useEffect(() => {
    if (wasRunning.current && ended && following && session.finalAnalysis) toTop();
    wasRunning.current = !ended;
  }, [ended, following, session.finalAnalysis, toTop]);

  const stepTo = (step: 1 | -1) => {
    const next = stepMatch(matches, selected, step);
    if (next) select(next);
  };
  useTimelineKeys({
    move: cursor.move,
    open: cursor.open,
    close: () => select(null),
    toggle: () => {
      const current = cursor.current ?? selected;
      if (current) onToggle(current);
    },
    follow,
    search: () => searchInput.current?.focus(),
    match: stepTo,
    toAnswer: toTop,
    trace: () => router.push(`/p/${project}/sessions/${session.id}/trace`),
  });

  const context = useMemo(
    () => ({ project, sessionId: session.id, calls, select }),
    [project, session.id, calls, select],
  );
  const outline = (
    <Outline
      session={session}
      selected={selected}
      onAlert={() => onSelect('alert')}
      onAnswer={() => {
        setDrawerOpen(false);
        toTop();
      }}
      onStage={(id) => {
        setDrawerOpen(false);
        reveal(`stage:${id}`);
      }}
      onExecution={(id) => {
        setDrawerOpen(false);
        onSelect(`execution:${id}`);
        const first = items.find((item) => item.executionId === id);
        if (first) reveal(first.id);
      }}
    />
  );
  const inspected = selected ? inspect(state, selected) : null;
  return (
    <SessionContext value={context}>
      <div className="flex min-h-0 flex-1">
        <div className="hidden w-56 shrink-0 border-r bg-panel lg:flex lg:flex-col">{outline}</div>
        <Dialog open={drawerOpen} onOpenChange={setDrawerOpen} title="Outline" side="left">
          {outline}
        </Dialog>
        <div className="relative flex min-w-0 flex-1 flex-col">
          <div className="flex h-10 shrink-0 items-center gap-2 border-b px-2 md:px-3">
            <Button variant="ghost" size="sm" className="lg:hidden" onClick={() => setDrawerOpen(true)}>
              <PanelLeft /> Outline
            </Button>
            <h2 className="hidden font-medium text-dim text-xs lg:block">Timeline</h2>
            <span className="flex-1" />
            <SearchBar
              inputRef={searchInput}
              query={query}
              onQuery={(text) => void setQuery(text || null)}
              position={selected ? matches.indexOf(selected) + 1 : 0}
              total={matches.length}
              onStep={stepTo}
            />
          </div>
          <Timeline
            rows={rows}
            selected={selected ?? cursor.current}
            expanded={expanded}
            onSelect={onSelect}
            onToggle={onToggle}
            scroller={scroller}
            content={content}
            handle={timeline}
            header={
              <>
                <SessionBanner session={session} />
                {ended ? <AnswerPanel session={session} /> : null}
              </>
            }
            footer={<LiveFoot session={session} last={items.at(-1)} />}
          />
          {!ended && !following ? (
            <Button
              variant="primary"
              size="sm"
              onClick={follow}
              className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full shadow-float"
            >
              <ArrowDown /> Follow live
            </Button>
          ) : null}
        </div>
        {inspected && wide ? <InspectorPane {...inspected} onClose={() => select(null)} /> : null}
        {wide ? null : (
          <Dialog
            open={inspected !== null}
            onOpenChange={(open) => {
              if (!open) select(null);
            }}
            title={inspected?.title ?? 'Inspector'}
            side="bottom"
          >
            <div className="thin-scroll grid min-h-40 content-start gap-3 overflow-y-auto p-4">
              {inspected?.body}
              <div>
                <CopyLink />
              </div>
            </div>
          </Dialog>
        )}
      </div>
    </SessionContext>
  );
}
