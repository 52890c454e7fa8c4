'use client';
import { parseAsString, useQueryState } from 'nuqs';
import { useCallback, useDeferredValue, useMemo, useRef } from 'react';
import { useNames } from '#src/components/names/names-context.ts';
import { useTextHighlight } from '#src/components/use-text-highlight.ts';
import { revealText } from '#src/lib/identifier-placeholders.ts';
import type { TimelineItem } from '../schema.ts';
import { pairDecisions, shownId } from './pair-decisions.ts';
import { findMatches, stepMatch } from './timeline/find-matches.ts';
import type { TimelineView } from './use-timeline-view.ts';

/** Search within the session: `?q=`, the entries that match, and going from one to the next. */
export function useTimelineSearch(items: readonly TimelineItem[], view: TimelineView) {
  const [query, setQuery] = useQueryState('q', parseAsString.withDefault(''));
  const input = useRef<HTMLInputElement>(null);
  const needle = useDeferredValue(query);
  const { nameOf } = useNames();
  const find = useCallback(
    (text: string) =>
      findMatches(shownItems(items), text, (found) => revealText(found, nameOf)).map((id) =>
        shownId(items, id),
      ),
    [items, nameOf],
  );
  const matches = useMemo(() => find(needle), [find, needle]);
  useTextHighlight(view.scroller, 'session-search', needle);
  return {
    input,
    query,
    setQuery: (text: string) => void setQuery(text || null),
    total: matches.length,
    /** 1-based place of the selected entry among the matches; 0 when it is none. */
    position: view.selected ? matches.indexOf(view.selected) + 1 : 0,
    step: (step: 1 | -1) => {
      // What has been typed, which the list may not have caught up with when Enter follows at once.
      const next = stepMatch(query === needle ? matches : find(query), view.selected, step);
      if (next) view.select(next);
    },
  };
}

/** A request that was decided has no entry of its own: its call stands for it. */
function shownItems(items: readonly TimelineItem[]): readonly TimelineItem[] {
  const { decided } = pairDecisions(items);
  return decided.size === 0 ? items : items.filter(({ id }) => !decided.has(id));
}
