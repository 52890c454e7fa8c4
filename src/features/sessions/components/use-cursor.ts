'use client';
import { useCallback, useState } from 'react';
import type { TimelineRow } from './timeline/build-rows.ts';

/** Frames to wait for a row that was scrolled into view to be drawn before it can take the focus. */
const FOCUS_FRAMES = 10;

type CursorOptions = {
  rows: readonly TimelineRow[];
  selected: string | null;
  reveal: (key: string) => void;
  onSelect: (itemId: string) => void;
};

type Cursor = { current: string | null; move: (step: 1 | -1) => void; open: () => void };

/** The entry that the keyboard is at. While the inspector is open it shows that entry. */
export function useCursor({ rows, selected, reveal, onSelect }: CursorOptions): Cursor {
  const [moved, setMoved] = useState<string | null>(null);
  const current = selected ?? moved;
  const move = useCallback(
    (step: 1 | -1) => {
      const keys = rows.flatMap((row) => (isEntry(row) ? [row.key] : []));
      const at = current === null ? -1 : keys.indexOf(current);
      const next = at < 0 ? keys.at(step === 1 ? 0 : -1) : keys[at + step];
      if (next === undefined) return;
      setMoved(next);
      if (selected !== null) onSelect(next);
      reveal(next);
      focusRow(next);
    },
    [rows, current, selected, onSelect, reveal],
  );
  const open = useCallback(() => {
    if (current !== null) onSelect(current);
  }, [current, onSelect]);
  return { current, move, open };
}

/** Where the keyboard stops: entries, and sub-agents. */
const isEntry = ({ kind }: TimelineRow): boolean => kind === 'item' || kind === 'group';

/** Gives an entry the focus as soon as it is drawn. */
export function focusRow(key: string, frames = FOCUS_FRAMES): void {
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`);
    if (row) row.focus({ preventScroll: true });
    else if (frames > 0) focusRow(key, frames - 1);
  });
}
