import { expect, test } from 'vitest';
import { previewResult } from './preview-result.ts';

test.each([
  ['two pods', 'two pods'],
  ['NAME STATUS\ncheckout Running\ncart CrashLoopBackOff 14', 'cart CrashLoopBackOff 14  · 3 lines'],
  ['starting\nFATAL: DATABASE_DSN is not set\nbye', 'FATAL: DATABASE_DSN is not set  · 3 lines'],
  ['# events\n---\napiVersion: v1\nkind: Pod\nmetadata: {}', 'kind: Pod  · 2 lines'],
  ['# only a comment', '# only a comment'],
  ['', ''],
])('%j reads %j', (text, line) => {
  expect(previewResult(text)).toBe(line);
});

test('a long result is not counted, and a long line is cut', () => {
  expect(previewResult('x\n'.repeat(10_000))).toBe('x');
  expect(previewResult('y'.repeat(1_000))).toHaveLength(300);
});
