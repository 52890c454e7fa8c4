import { expect, test } from 'vitest';
import { formatDay, formatLongDay, presetRange } from './usage-range.ts';

const at = (time: string) => Date.parse(time);

test('presets are whole days of UTC', () => {
  const now = at('2026-03-01T00:30:00Z');
  expect(presetRange('7d', now)).toEqual({ from: '2026-02-23', to: '2026-03-01' });
  expect(presetRange('30d', now)).toEqual({ from: '2026-01-31', to: '2026-03-01' });
  expect(presetRange('month', now)).toEqual({ from: '2026-03-01', to: '2026-03-01' });
  expect(presetRange('previous-month', now)).toEqual({ from: '2026-02-01', to: '2026-02-28' });
  expect(presetRange('previous-month', at('2026-01-15T12:00:00Z'))).toEqual({
    from: '2025-12-01',
    to: '2025-12-31',
  });
});

test('days are named the same wherever the browser is', () => {
  expect(formatDay('2026-11-26')).toBe('26 Nov');
  expect(formatLongDay('2026-11-26')).toBe('Thu, 26 Nov 2026');
});
