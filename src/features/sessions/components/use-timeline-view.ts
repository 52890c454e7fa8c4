'use client';
import { parseAsString, useQueryState } from 'nuqs';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { isTerminal } from '../schema.ts';
import type { SessionState } from '../session-state.ts';
import { shownId } from './pair-decisions.ts';
import type { TimelineHandle } from './timeline/timeline.tsx';
import { useFollow } from './timeline/use-follow.ts';
import { type Shown, useShown } from './use-shown.ts';

export type TimelineView = {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  handle: RefObject<TimelineHandle | null>;
  following: boolean;
  follow: () => void;
  /** `?item=`: the entry in the inspector. */
  selected: string | null;
  expanded: ReadonlySet<string>;
  /** Which agents and sub-agents are shown. */
  shown: Shown;
  /** Scrolls to a row, out of whatever folded group it is in, and stays there. */
  reveal: (key: string) => void;
  /** Opens an entry that is in view; `select` also brings it there. */
  open: (itemId: string) => void;
  select: (itemId: string | null) => void;
  toggle: (itemId: string) => void;
  toTop: () => void;
};

/** Where the reader is: position, selected and unfolded entries, following or not. */
export function useTimelineView(state: SessionState): TimelineView {
  const { session } = state;
  const ended = isTerminal(session.status);
  const [linkedItem, setSelected] = useQueryState('item', parseAsString.withOptions({ history: 'replace' }));
  // A call that was decided on is shown in the place of its request, also where a link names the call.
  const selected = linkedItem === null ? null : shownId(state.items, linkedItem);
  const latestItems = useRef(state.items);
  useEffect(() => {
    latestItems.current = state.items;
  });
  const [expanded, toggle] = useExpanded();
  const shown = useShown(state);
  const { uncover } = shown;
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const handle = useRef<TimelineHandle>(null);
  const { following, follow, stop } = useFollow(scroller, content, !ended && selected === null);

  const reveal = useCallback(
    (key: string) => {
      stop();
      uncover(key);
      handle.current?.reveal(shownId(latestItems.current, key));
    },
    [stop, uncover],
  );
  const open = useCallback(
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
  const toTop = useCallback(() => {
    stop();
    scroller.current?.scrollTo({ top: 0 });
  }, [stop]);

  // Opened with a link to an entry: show it. Later changes of `item` come from the page itself.
  const linked = useRef(selected);
  useEffect(() => {
    if (!linked.current) return;
    uncover(linked.current);
    handle.current?.reveal(linked.current);
  }, [uncover]);

  // Somebody who has followed to the end wants the answer.
  const wasRunning = useRef(!ended);
  useEffect(() => {
    if (wasRunning.current && ended && following && session.finalAnalysis) toTop();
    wasRunning.current = !ended;
  }, [ended, following, session.finalAnalysis, toTop]);

  return {
    scroller,
    content,
    handle,
    following,
    follow,
    selected,
    expanded,
    shown,
    reveal,
    open,
    select,
    toggle,
    toTop,
  };
}

function useExpanded(): [ReadonlySet<string>, (itemId: string) => void] {
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((itemId: string) => {
    setExpanded((before) => {
      const next = new Set(before);
      if (!next.delete(itemId)) next.add(itemId);
      return next;
    });
  }, []);
  return [expanded, toggle];
}
