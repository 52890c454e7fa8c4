'use client';
import { type RefObject, useEffect } from 'react';

/** Marked at most; beyond it a match is one of too many to tell apart anyway. */
const RANGES_MAX = 2_000;
const DELAY_MS = 60;

/**
 * Marks every occurrence of `query` in the element's text through the CSS Custom Highlight API: no markup changes, so
 * streamed Markdown and virtual rows can be marked too. Follows changes of the content. `name` is styled in globals.css.
 */
export function useTextHighlight(ref: RefObject<HTMLElement | null>, name: string, query: string): void {
  useEffect(() => {
    const element = ref.current;
    const needle = query.trim().toLowerCase();
    if (!element || !needle || !('highlights' in CSS)) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const mark = () => {
      timer = undefined;
      CSS.highlights.set(name, new Highlight(...findRanges(element, needle)));
    };
    mark();
    const observer = new MutationObserver(() => {
      timer ??= setTimeout(mark, DELAY_MS);
    });
    observer.observe(element, { childList: true, characterData: true, subtree: true });
    return () => {
      observer.disconnect();
      clearTimeout(timer);
      CSS.highlights.delete(name);
    };
  }, [ref, name, query]);
}

function findRanges(element: HTMLElement, needle: string): Range[] {
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && ranges.length < RANGES_MAX; node = walker.nextNode()) {
    const text = (node.textContent ?? '').toLowerCase();
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, at + needle.length);
      ranges.push(range);
    }
  }
  return ranges;
}
