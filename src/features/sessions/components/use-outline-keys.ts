'use client';
import { type FocusEvent, type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import { nextEntry } from './outline-keys.ts';

/** Marks an entry of the outline, and the line that holds it with what else can be done there. */
export const OUTLINE_ENTRY = 'data-outline-entry';
export const OUTLINE_LINE = 'data-outline-line';

/**
 * The outline is one stop of the Tab key, at the entry that had the focus last: up, down, Home and End go from entry to entry,
 * right and Tab to what else can be done with one, left back to it. A long run would otherwise put dozens of stops in the way.
 */
export function useOutlineKeys() {
  const nav = useRef<HTMLElement>(null);
  const stop = useRef<HTMLElement>(null);
  const settle = () => {
    const entries = entriesOf(nav.current);
    const current = entries.find((entry) => entry === stop.current);
    const fallback = entries.find((entry) => entry.ariaCurrent === 'true') ?? entries[0];
    for (const entry of entries) {
      const index = entry === (current ?? fallback) ? 0 : -1;
      entry.tabIndex = index;
      for (const other of othersOf(entry)) other.tabIndex = index;
    }
  };
  // With each change of the run there may be other entries.
  useLayoutEffect(settle);

  const onFocus = (event: FocusEvent<HTMLElement>) => {
    stop.current = entryOf(event.target) ?? stop.current;
    settle();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!(event.target instanceof HTMLElement) || !nav.current?.contains(event.target)) return;
    const entries = entriesOf(nav.current);
    const entry = entryOf(event.target);
    if (!entry) return;
    const next = nextEntry(event.key, entries.indexOf(entry), entries.length);
    const to =
      event.key === 'ArrowRight'
        ? othersOf(entry)[0]
        : event.key === 'ArrowLeft' && event.target !== entry
          ? entry
          : next === null
            ? undefined
            : entries[next];
    if (!to) return;
    event.preventDefault();
    to.focus();
  };
  return { ref: nav, onFocus, onKeyDown };
}

const entriesOf = (nav: HTMLElement | null): HTMLElement[] => [
  ...(nav?.querySelectorAll<HTMLElement>(`[${OUTLINE_ENTRY}]`) ?? []),
];

/** The other buttons of an entry's line. */
const othersOf = (entry: HTMLElement): HTMLElement[] => [
  ...(entry.closest(`[${OUTLINE_LINE}]`)?.querySelectorAll<HTMLElement>(`button:not([${OUTLINE_ENTRY}])`) ??
    []),
];

const entryOf = (element: HTMLElement): HTMLElement | null =>
  element.closest<HTMLElement>(`[${OUTLINE_ENTRY}]`) ??
  element.closest(`[${OUTLINE_LINE}]`)?.querySelector<HTMLElement>(`[${OUTLINE_ENTRY}]`) ??
  null;
