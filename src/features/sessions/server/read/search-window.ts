import { SEARCH_WINDOW_MARGIN, SEARCH_WINDOW_PER_ROW, SEARCH_WINDOW_PER_ROW_MAX } from './tunables.ts';

/** How many sessions, next in order, are looked at first for a page of so many rows. */
export const firstWindow = (wanted: number): number => wanted * SEARCH_WINDOW_PER_ROW;

/**
 * How many to look at next, after `window` of them held `found` hits, fewer than wanted: what should fill the page, by the
 * frequency seen. `undefined`: the text is too rare for that, or it has been tried; ask the text index.
 */
export function widerWindow(seen: { wanted: number; window: number; found: number }): number | undefined {
  const { wanted, window, found } = seen;
  if (window > firstWindow(wanted) || found === 0) return undefined;
  const needed = Math.ceil(((wanted * window) / found) * SEARCH_WINDOW_MARGIN);
  return needed <= wanted * SEARCH_WINDOW_PER_ROW_MAX ? needed : undefined;
}
