import { expect, test } from 'vitest';
import { firstWindow, widerWindow } from './search-window.ts';
import { SEARCH_WINDOW_PER_ROW_MAX } from './tunables.ts';

const wanted = 51;
const window = firstWindow(wanted);

test('the second look is as wide as the first makes expect, and a margin', () => {
  expect(widerWindow({ wanted, window, found: 34 })).toBe(918);
});

test('a text that was not seen, or seldom, is left to the text index', () => {
  expect(widerWindow({ wanted, window, found: 0 })).toBeUndefined();
  expect(widerWindow({ wanted, window, found: 1 })).toBeUndefined();
});

test('every wider window is wider than the first, within the bound, and the last', () => {
  for (const rows of [2, 51, 201]) {
    const first = firstWindow(rows);
    for (let found = 0; found < rows; found += 1) {
      const next = widerWindow({ wanted: rows, window: first, found });
      if (next === undefined) continue;
      expect(next).toBeGreaterThan(first);
      expect(next).toBeLessThanOrEqual(rows * SEARCH_WINDOW_PER_ROW_MAX);
      expect(widerWindow({ wanted: rows, window: next, found })).toBeUndefined();
    }
  }
});
