import { expect, test } from 'vitest';
import { withTitleCount } from './with-title-count.ts';

test('the count stands in front of the title once, and goes when nothing waits', () => {
  const one = withTitleCount('◐ KubePodCrashLooping · TARS', 1);
  expect(one).toBe('(1) ◐ KubePodCrashLooping · TARS');
  expect(withTitleCount(one, 12)).toBe('(12) ◐ KubePodCrashLooping · TARS');
  expect(withTitleCount(one, 0)).toBe('◐ KubePodCrashLooping · TARS');
});
