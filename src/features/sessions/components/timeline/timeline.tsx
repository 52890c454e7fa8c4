'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { TimelineRow as Row } from './build-rows.ts';
import { RowContent, type RowHandlers } from './row-content.tsx';

/** Height of a folded entry; measured heights replace it as soon as an entry has been drawn. */
const ROW_ESTIMATE_PX = 46;
const OVERSCAN_ROWS = 8;
/** Renders in which a row that is asked for has to come into being; after that it does not exist. */
const REVEAL_RENDERS = 4;

export type TimelineHandle = { reveal: (key: string) => void };

type TimelineProps = {
  rows: readonly Row[];
  selected: string | null;
  expanded: ReadonlySet<string>;
  handlers: RowHandlers;
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  handle: RefObject<TimelineHandle | null>;
  /** Stands above the entries and scrolls with them: the answer, or why there is none. */
  header: ReactNode;
  footer: ReactNode;
};

/** The entries, of which only those near the viewport are in the document. */
export function Timeline(props: TimelineProps) {
  const { rows, selected, expanded, handlers, scroller, content, handle, header, footer } = props;
  const above = useRef<HTMLDivElement>(null);
  const margin = useHeaderHeight(scroller, above);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_ESTIMATE_PX,
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    overscan: OVERSCAN_ROWS,
    scrollMargin: margin,
    useFlushSync: false,
  });
  const drawn = virtualizer.getVirtualItems();
  // A row may come into being with the very change that asks for it: its group opens, or its agent is chosen.
  const wanted = useRef<{ key: string; renders: number } | null>(null);
  const reveal = (key: string, renders = REVEAL_RENDERS) => {
    const index = rows.findIndex((row) => row.key === key);
    wanted.current = index < 0 && renders > 0 ? { key, renders: renders - 1 } : null;
    if (index >= 0) virtualizer.scrollToIndex(index, { align: 'center' });
  };
  useImperativeHandle(handle, () => ({ reveal }));
  useEffect(() => {
    if (wanted.current) reveal(wanted.current.key, wanted.current.renders);
  });
  return (
    <div
      ref={scroller}
      className="thin-scroll @container min-h-0 flex-1 overflow-y-auto overscroll-contain [overflow-anchor:none]"
    >
      <div ref={content}>
        <div ref={above}>{header}</div>
        <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {/* Rows follow each other by themselves: those that have just changed their height never lie upon the next. */}
          <ol
            aria-label="Timeline"
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${(drawn[0]?.start ?? margin) - margin}px)` }}
          >
            {drawn.map((virtual) => {
              const row = rows[virtual.index];
              if (!row) return null;
              return (
                <li
                  key={virtual.key}
                  ref={virtualizer.measureElement}
                  data-index={virtual.index}
                  aria-posinset={virtual.index + 1}
                  aria-setsize={rows.length}
                  className="flow-root"
                >
                  <RowContent
                    row={row}
                    selected={row.key === selected}
                    expanded={expanded.has(row.key)}
                    handlers={handlers}
                  />
                </li>
              );
            })}
          </ol>
        </div>
        {footer}
      </div>
    </div>
  );
}

/**
 * Height of what stands above the list. When it changes (the answer arrives) while the reader is below it, the
 * position moves along, so that the text under their eyes stays.
 */
function useHeaderHeight(
  scroller: RefObject<HTMLDivElement | null>,
  header: RefObject<HTMLDivElement | null>,
): number {
  const [height, setHeight] = useState(0);
  const last = useRef(0);
  useLayoutEffect(() => {
    const above = header.current;
    if (!above) return;
    const update = () => {
      const element = scroller.current;
      const next = above.offsetHeight;
      if (!element || next === last.current) return;
      if (element.scrollTop > last.current && element.scrollTop > 0) element.scrollTop += next - last.current;
      last.current = next;
      setHeight(next);
    };
    update();
    const observer = new ResizeObserver(update);
    observer.observe(above);
    return () => observer.disconnect();
  }, [scroller, header]);
  return height;
}
