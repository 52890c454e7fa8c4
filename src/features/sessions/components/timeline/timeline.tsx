'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type ReactNode,
  type RefObject,
  useCallback,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { TimelineRow as Row } from './build-rows.ts';
import { StageRow } from './stage-row.tsx';
import { TimelineRow } from './timeline-row.tsx';

/** Height of a folded entry; measured heights replace it as soon as an entry has been drawn. */
const ROW_ESTIMATE_PX = 46;
const OVERSCAN_ROWS = 8;

export type TimelineHandle = { reveal: (itemId: string) => void };

type TimelineProps = {
  rows: readonly Row[];
  selected: string | null;
  expanded: ReadonlySet<string>;
  onSelect: (itemId: string) => void;
  onToggle: (itemId: string) => void;
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  handle: RefObject<TimelineHandle | null>;
  /** Stands above the entries and scrolls with them: the answer, or why there is none. */
  header: ReactNode;
  footer: ReactNode;
};

/** The entries, of which only those near the viewport are in the document. */
export function Timeline(props: TimelineProps) {
  const { rows, selected, expanded, onSelect, onToggle, scroller, content, handle, header, footer } = props;
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
  useImperativeHandle(handle, () => ({
    reveal: (itemId) => {
      const index = rows.findIndex(({ key }) => key === itemId);
      if (index >= 0) virtualizer.scrollToIndex(index, { align: 'center' });
    },
  }));
  return (
    <div
      ref={scroller}
      className="thin-scroll min-h-0 flex-1 overflow-y-auto overscroll-contain [overflow-anchor:none]"
    >
      <div ref={content}>
        <div ref={above}>{header}</div>
        <ol aria-label="Timeline" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((virtual) => {
            const row = rows[virtual.index];
            if (!row) return null;
            return (
              <li
                key={virtual.key}
                ref={virtualizer.measureElement}
                data-index={virtual.index}
                aria-posinset={virtual.index + 1}
                aria-setsize={rows.length}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${virtual.start - margin}px)` }}
              >
                {row.kind === 'stage' ? (
                  <StageRow stage={row.stage} />
                ) : (
                  <TimelineRow
                    item={row.item}
                    agent={row.agent}
                    overtakenAt={row.overtakenAt}
                    selected={row.key === selected}
                    expanded={expanded.has(row.key)}
                    onSelect={onSelect}
                    onToggle={onToggle}
                  />
                )}
              </li>
            );
          })}
        </ol>
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
